"""Chunk: the items of one clause, taken away one by one as they are understood."""

from collections.abc import Iterable

from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.speech import words_of

_TIMES = ("at", "to", "over")


_ASKING = words_of("wants want needs need should must could has have is are ")
"""Verbs behind what is spoken of."""
_SOME = frozenset({"some", "any", "a bit of", "a little", "a little bit of", "more"})
"""What stands before a quality that is given: "give it some body"."""


class LostError(Exception):
    """Words that can't be understood; the message says which."""


class Chunk:
    """One clause's items.

    Args:
        items: in order; signs of punctuation are left out.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: Items = [item for item in items if item.text not in ",.!?/&"]
        self.whole = tuple(self.items)
        """All of them, whatever is taken."""
        self.silent = [item.text for item in self.items if is_silent(item)]
        """Words that say nothing by themselves."""
        self.taken: list[str] = []
        self.changed = False
        """Whether a change was read already: what is left says of what, when and where."""

    def find(self, kind: str, *values: str) -> int:
        """Place of the first item that can be read so; -1 for none."""
        for place, item in enumerate(self.items):
            if item.kind in _TIMES:
                continue  # a preposition with its time is no preposition
            if item.has(kind, *values) and not self._is_name_here(place, kind):
                return place
        return -1

    def has(self, kind: str, *values: str) -> bool:
        """Whether any item can be read so."""
        return self.find(kind, *values) >= 0

    def take(self, kind: str, *values: str) -> Item | None:
        """Take the first item that can be read so."""
        place = self.find(kind, *values)
        return self.take_at(place) if place >= 0 else None

    def take_at(self, place: int) -> Item:
        """Take the item at a place."""
        item = self.items.pop(place)
        self.taken.append(item.text)
        return item

    def amount(self, *units: str) -> Item | None:
        """Take the first number with one of these units."""
        for place, item in enumerate(self.items):
            if item.kind == "amount" and item.unit in units:
                by = place > 0 and self.items[place - 1].has("by")
                if by:
                    self.take_at(place - 1)
                return self.take_at(place - by)
        return None

    def bare(self) -> Item | None:
        """Take the first number that has no unit."""
        for place, item in enumerate(self.items):
            led = place and (self.items[place - 1].has("by") or self.items[place - 1].has("dim"))
            if item.kind == "num" or (led and item.has("num") and not item.has("name")):
                by = place > 0 and self.items[place - 1].has("by")
                if by:
                    self.take_at(place - 1)
                return self.take_at(place - by)
        return None

    def degree(self, much: float) -> float:
        """Take words such as "a bit" and "much": how many times the usual amount they ask for."""
        factor = 1.0
        while (place := self.find("deg")) >= 0:
            value = self.take_at(place).reading("deg")
            factor *= much if value == "much" else float(value)
        return factor

    def before(self, place: int) -> Item:
        """The item before a place that says something."""
        for item in reversed(self.items[:place]):
            if not (item.has("fill") or item.has("deg")):
                return item
        return Item("")

    def after(self, place: int) -> Item:
        """The item after a place that says something."""
        for item in self.items[place + 1 :]:
            if not item.has("fill"):
                return item
        return Item("")

    def said(self) -> Items:
        """What is left that says something."""
        return [item for item in self.items if not is_silent(item)]

    def _is_name_here(self, place: int, kind: str) -> bool:  # noqa: PLR0911
        """Whether a word that also names a sound of the script does so here.

        It does, unless it stands where a verb or an adjective must stand.
        """
        item = self.items[place]
        named = self.before(place)
        led = named.kind == "nth" or named.has("name") or named.has("noun")
        numbered = self._is_numbered(item)
        called = item.has("hitword") or (item.has("name") and named.kind == "nth")
        if kind in ("verb", "dim") and called and led and not numbered:
            return True  # "the fork drop", "the first cut"
        if kind in ("name", "noun", "hitword", "card", "attr") or not item.has("name"):
            return False
        if kind in ("nth", "pron", "quant"):
            return False
        others = any(
            other.has("name") or other.has("noun") or other.has("pron") or other.has("quant")
            for number, other in enumerate(self.items)
            if number != place
        )
        before, after = self.before(place), self.after(place)
        if kind in ("verb", "dim") and led and numbered:
            return False  # "the third shot drop a dB"
        if kind in ("verb", "dim") and self._in_front_of_verb(item):
            return True  # "the deckchair collapse wants more crunch"
        if kind.startswith("verb") or kind in ("dim", "keep"):
            first = not any(not is_silent(one) for one in self.items[:place])
            starts = first and others and not self._determined(place) and not is_change(after)
            starts = starts and not (kind == "dim" and self._is_titled(place))
            described = kind == "dim" and (
                before.has("mod")
                or before.has("is")
                or (self._is_last(place) and not self._is_titled(place))
            )
            return not (starts or (described and others))
        if kind in ("eq", "param", "fault"):
            asked = before.has("mod", "more", "less", "toomuch", "noenough")
            given = place > 0 and self.items[place - 1].text in _SOME
            return not (asked or (others and (given or before.has("mod") or before.has("verb"))))
        return True

    def _is_numbered(self, item: Item) -> bool:
        """Whether an amount stood right behind a word."""
        place = next((n for n, one in enumerate(self.whole) if one is item), -1)
        after = self.whole[place + 1 : place + 3] if place >= 0 else ()
        directed = len(after) > 1 and after[1].has("dim", "dir+", "dir-")  # "first cut 1 dB up"
        return bool(after) and after[0].kind in ("amount", "num") and not directed

    def _in_front_of_verb(self, item: Item) -> bool:
        """Whether a word stood behind a name and before a verb: it belongs to the name."""
        place = next((n for n, one in enumerate(self.whole) if one is item), -1)
        if not 0 < place < len(self.whole) - 1:
            return False
        before, after = self.whole[place - 1], self.whole[place + 1]
        verb = after.has("is") or after.has("mod", "noenough") or after.text in _ASKING
        return before.has("name") and verb and not after.has("name")

    def _is_titled(self, place: int) -> bool:
        """Whether a comparative is what a sound is called here: "the tumble dryer"."""
        item = self.items[place]
        compares = any(one.kind == "dim" and one.value[-1] in "+-" for one in item.readings)
        return compares and not any(one.text == item.text for one in self.items[:place])

    def _determined(self, place: int) -> bool:
        return place > 0 and self.items[place - 1].text in (
            "the",
            "a",
            "that",
            "this",
            "his",
            "her",
        )

    def _is_last(self, place: int) -> bool:
        return not any(not is_silent(one) for one in self.items[place + 1 :])


def is_silent(item: Item) -> bool:
    """Whether an item says nothing by itself."""
    if item.kind:
        return False
    if any(item.has(kind) for kind in ("name", "noun", "ord", "pron")):
        return False
    return (
        item.has("fill")
        or item.has("is")
        or item.has("verb", "do")
        or item.has("mod", "so", "still")
        or item.has("conj")
    )


def is_change(item: Item) -> bool:
    """Whether an item begins what is wanted, rather than what it is wanted of."""
    if item.kind == "amount":
        return True
    if item.has("name") or item.has("noun"):
        return False
    kinds = ("dim", "eq", "fault", "want", "verb", "mod", "deg", "is", "side", "mood", "over")
    return any(item.has(kind) for kind in kinds) or item.has("to") or item.kind in ("to", "at")
