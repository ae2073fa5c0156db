"""Items: a request as the grammar sees it, with numbers, times and ordinals put together."""

from typing import NamedTuple

from foley_designer.agents.reviser.grammar.words import Reading

Value = str | float | tuple[float, ...]


class Item(NamedTuple):
    """A word, a phrase or a group, with all that it can mean.

    ``readings`` come from the lexica. What is put together has one kind and a value: ``amount``
    (number) with its unit in ``unit``; ``clock`` (s); ``range`` (s, s); ``at``, ``to``, ``over``,
    ``starts``, ``stops``, ``last``, ``first`` (s); ``times`` (several s); ``nth`` (ordinals),
    ``every`` (n).
    """

    text: str
    readings: tuple[Reading, ...] = ()
    kind: str = ""
    value: Value = ""
    unit: str = ""

    def has(self, kind: str, *values: str) -> bool:
        """Whether it can be read so; no values allow any."""
        if self.kind:
            return self.kind == kind
        return any(
            one.kind == kind and (not values or one.value in values) for one in self.readings
        )

    def reading(self, kind: str) -> str:
        """The value of its first reading of a kind; empty for none."""
        return next((one.value for one in self.readings if one.kind == kind), "")

    @property
    def number(self) -> float:
        """Its value as a number."""
        value = self.value if self.kind else self.reading("num")
        assert not isinstance(value, tuple)
        return float(value)


Items = list[Item]


def is_time(item: Item) -> bool:
    """A clock, or an amount of seconds."""
    return item.kind == "clock" or (item.kind == "amount" and item.unit == "s")


def number_of(item: Item) -> float | None:
    """Its number, said in digits or words; None for none."""
    if item.kind == "num":
        return item.number
    return float(item.reading("num")) if item.has("num") else None
