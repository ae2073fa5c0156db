"""What a clause wants, its target left open: how operations are made once it is known."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_change
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.revision.operations import Operation
from foley_designer.core.revision.sounding import TrimEvent

Make = Callable[[Target], Iterator[Operation]]


class Change(NamedTuple):
    """What a clause wants, its target left open."""

    make: Make
    scene_db: float | None = None
    """Its decibels where it may be about the whole mix."""
    bare: bool = False
    """Whether it is a number of decibels without a word for up or down."""
    name: str = ""
    """What follow-ups know it by, such as ``fade`` or ``pan``."""
    complaint: bool = False
    """Whether it follows from what is said to be wrong, so that what is asked for comes first."""


def each(make: Callable[[str], Iterator[Operation]], name: str = "") -> Change:
    """A change of whole events, by their ids.

    Single hits and stretches can't have it.
    """

    def whole(target: Target) -> Iterator[Operation]:
        refuse_parts(target)
        yield from make(target.event.id)

    return Change(whole, name=name)


class PartsError(LostError):
    """What can be done to a whole sound alone was asked of a part."""


def refuse_parts(target: Target) -> None:
    """Refuse what is possible for whole events alone.

    Raises:
        LostError: the target is some hits, or a stretch.
    """
    if target.hits or target.stretch:
        part = "single hits" if target.hits else "a stretch"
        raise PartsError(f"That can be done to {target.event.label} as a whole, not to {part}.")


def refuse_stretch(target: Target) -> None:
    """Refuse what is not possible for a stretch of a sound that goes on.

    Raises:
        LostError: the target is a stretch.
    """
    if target.stretch:
        raise LostError(f"Within a stretch of {target.event.label} only its level can change.")


def trimmed_off(target: Target) -> Operation:
    """What is left of a sound that goes on, without its begin or its end.

    Raises:
        LostError: the stretch lies within it.
    """
    event, (start, end) = target.event, target.stretch or (0.0, 0.0)
    if start <= event.start_s and end < event.end_s:
        return TrimEvent(event_id=event.id, from_s=end, to_s=event.end_s)
    if start > event.start_s and end >= event.end_s:
        return TrimEvent(event_id=event.id, from_s=event.start_s, to_s=start)
    raise LostError(f"From {start:g} to {end:g} s {event.label} can be made quieter, not cut out.")


def phrase_after(chunk: Chunk, place: int) -> Items:
    """Take the phrase that stands after a place, up to the next change."""
    found: Items = []
    while place < len(chunk.items) and not (
        is_change(chunk.items[place]) and not chunk.items[place].has("pron")
    ):
        found.append(chunk.take_at(place))
    return found


def take_group(chunk: Chunk, kind: str) -> Item | None:
    """Take the first group of a kind."""
    for place, item in enumerate(chunk.items):
        if item.kind == kind:
            return chunk.take_at(place)
    return None


def take_times(chunk: Chunk) -> float | None:
    """Take ``twice as``, ``half as``, ``3 times``."""
    found = None
    if amount := chunk.amount("times"):
        found = amount.number
    elif chunk.take("twice"):
        found = 2.0
    elif chunk.take("half_as") or chunk.take("half"):
        found = 0.5
        chunk.take("by")
    while chunk.take("rel", "as"):
        pass
    return found
