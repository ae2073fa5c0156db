"""Placing: side and distance."""

from collections.abc import Iterator

from foley_designer.agents.reviser.changes.making import (
    Change,
    refuse_parts,
    refuse_stretch,
    take_times,
)
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_change
from foley_designer.agents.reviser.grammar.items import Item
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.revision.operations import AdjustDistance, AdjustPan, Operation
from foley_designer.memory.preferences import Preferences

SIDE_DEG = 30.0
"""Where "on the left" is."""
HARD_DEG = 60.0
STEP_DEG = 15.0
"""How far "further left" goes."""
FURTHER, NEARER = 2**0.5, 0.5**0.5
"""Half a doubling of the distance; "much" makes it a whole one."""
FAR_M = 60.0
"""What "in the distance" is."""


class Placer:
    """Reads changes of place.

    Args:
        wishes: how much the comparative words mean to this user.
    """

    def __init__(self, wishes: Preferences) -> None:
        self.much = wishes.number("much_factor")

    def read(self, chunk: Chunk) -> Change | None:
        """The first such change; its words are taken from the clause."""
        return self._distance(chunk) or self._side(chunk)

    def _distance(self, chunk: Chunk) -> Change | None:  # noqa: PLR0911
        if chunk.has("side"):
            return None
        far = chunk.take("dim", "faraway")
        away, near = chunk.take("dim", "distance+"), chunk.take("dim", "distance-")
        if far and not (away or near) and not chunk.has("dim"):
            return _distant(to_m=FAR_M)
        if not (away or near or far):
            away, near = _base(chunk, "distance")
        if far and not away:
            away = far
        metres = chunk.amount("m") if away or near or not chunk.has("dim") else None
        if metres and not (away or near):
            _take_words(chunk, "at", "to")
            return _distant(to_m=metres.number)
        if bool(away) == bool(near):
            return None
        if (times := take_times(chunk)) is not None:
            return _distant(factor=times if away else 1 / times)
        if metres and away and away.text == "away":
            return _distant(to_m=metres.number)
        if metres:
            return _distant(by_m=metres.number if away else -metres.number)
        base = FURTHER if away else NEARER
        return _distant(factor=round(base ** chunk.degree(self.much), 2))

    def _side(self, chunk: Chunk) -> Change | None:  # noqa: PLR0911
        called = chunk.find("verb", "pan")
        if chunk.find("side") < 0 and called >= 0 and chunk.items[called].has("name"):
            return None  # "pan bonk 1": a frying pan
        pan = chunk.take("verb", "pan")
        place = chunk.find("side")
        if place < 0:
            if pan is not None:
                raise LostError("Pan it where?")
            return None
        item = chunk.items[place]
        side = item.reading("side")
        degrees = next(
            (one for one in chunk.items if one.kind == "amount" and one.unit == "deg"), None
        )
        more = any(
            one.has("dim", "distance+") or one.has("mod", "more", "less") or one.has("repeat")
            for one in chunk.items
        )
        degree = chunk.has("deg")
        moving = any(
            one.text in ("move", "shift", "push", "pull", "nudge", "slide") for one in chunk.items
        ) or (pan is not None and degree)
        rest = [one for one in chunk.items if one is not item]
        plain = not chunk.changed and not any(map(_wants, rest))
        too = chunk.before(place).has("mod", "too", "toomuch")
        if not (pan or degrees or more or degree or moving or plain or too):
            return None  # it says which sound is meant
        if (
            (degree or more)
            and not pan
            and not degrees
            and any(one.has("dim", "level+", "level-") for one in rest)
        ):
            return None
        chunk.take_at(place)
        if side == "centre":
            return _panned(to=0.0)
        sign = 1.0 if side.endswith("left") else -1.0
        if too:  # "a bit too far left"
            chunk.take("mod", "too", "toomuch")
            return _panned(by=-sign * STEP_DEG * chunk.degree(self.much))
        if side.startswith("hard"):
            return _panned(to=sign * HARD_DEG)
        return self._aside(chunk, sign, item, moving=moving)

    def _aside(self, chunk: Chunk, sign: float, item: Item, *, moving: bool) -> Change:
        """To the left or right: by a step, by degrees, or to a place."""
        degrees = chunk.amount("deg")
        bare = None if degrees else chunk.bare()
        size = degrees.number if degrees else bare.number if bare else None
        to = bool(chunk.take("to")) | bool(chunk.take("at")) | bool(chunk.take("from"))
        relative = bool(chunk.take("dim", "distance+")) | bool(chunk.take("mod", "more"))
        factor = chunk.degree(self.much)
        if size is not None and abs(size) > 180:
            raise LostError(f"{size:g} degrees are more than half a circle.")
        if size is not None:
            absolute = to or item.text.startswith(("on", "at", "from"))
            return _panned(to=sign * size) if absolute else _panned(by=sign * size)
        if relative or factor != 1.0 or (moving and not item.text.startswith(("on", "at"))):
            return _panned(by=sign * STEP_DEG * factor)
        return _panned(to=sign * SIDE_DEG)


def _wants(item: Item) -> bool:
    """Whether an item asks for something that is no side."""
    return (
        is_change(item)
        and not item.has("verb", "do")
        and not item.has("is")
        and not item.has("side")
    )


def _take_words(chunk: Chunk, *kinds: str) -> None:
    for kind in kinds:
        chunk.take(kind)


def _base(chunk: Chunk, name: str) -> tuple[Item | None, Item | None]:
    """More or less of "too far", "not close enough", "twice as far"."""
    for sign in "+-":
        place = chunk.find("dim", f"{name}{sign}!")
        if place < 0:
            continue
        too = chunk.before(place).has("mod", "too")
        meant = (
            chunk.has("rel", "as")
            or chunk.has("twice")
            or chunk.has("half_as")
            or chunk.has("verb", "do")
        )
        if not (too or meant or chunk.has("mod", "more")):
            continue
        item = chunk.take_at(place)
        if too:
            chunk.take("mod", "too")
        chunk.take("mod", "more")
        more = (sign == "+") != too
        return (item, None) if more else (None, item)
    return None, None


def _panned(by: float | None = None, to: float | None = None) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        refuse_stretch(target)
        yield AdjustPan(event_id=target.event.id, change_deg=by, to_deg=to, hits=target.hits)

    return Change(make, name="pan")


def _distant(
    factor: float | None = None, to_m: float | None = None, by_m: float | None = None
) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        refuse_parts(target)
        source, metres = target.event.source, to_m
        if by_m is not None:
            if source.distance_m is None:
                raise LostError(f"How far {target.event.label} is, the picture says: try a factor.")
            metres = source.distance_m * source.distance_factor + by_m
        if metres is not None and metres <= 0:
            raise LostError(f"{target.event.label} would be behind the listener.")
        yield AdjustDistance(event_id=target.event.id, factor=factor, to_m=metres)

    return Change(make, name="distance")
