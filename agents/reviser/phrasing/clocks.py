"""Clocks: numbers without a unit that give the time of something in the script."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.core.script.sound_event import SoundEvent

NEAR_S = 0.25
"""A bare number is a time if something of the script begins this near: half an event's length
between steps in a row."""
_LIMITS = frozenset({"until", "till", "bis", "hasta"})
"""Words that a time alone can follow."""
_CALLING = ("name", "noun", "hitword", "card")


def clocked(items: Items, events: Sequence[SoundEvent], end_s: float) -> Items:
    """Bare numbers behind "at", behind a noun or in a row of such as clocks, where they fit one.

    Args:
        items: as read.
        events: sounds of the script.
        end_s: the end of the clip in seconds.
    """
    times = sorted(
        {hit.time_s for event in events for hit in event.hits}
        | {span.start_s for event in events for span in event.spans}
    )
    found: Items = []
    for place, item in enumerate(items):
        clock = (
            item.kind == "num"
            and item.text[0] not in "+-"
            and not _has_unit(items, place)
            and _leads(items, place, found)
            and (
                any(abs(time - item.number) <= NEAR_S for time in times)
                or (items[place - 1].text in _LIMITS and item.number <= end_s)
            )
        )
        found.append(item._replace(kind="clock") if clock else item)
    return found


def _has_unit(items: Items, place: int) -> bool:
    after = items[place + 1] if place + 1 < len(items) else Item("")
    return after.has("unit") or after.has("side") or after.has("half") or after.has("twice")


def _leads(items: Items, place: int, read: Items) -> bool:
    """Whether what stands before a number lets it be a time."""
    before = items[place - 1] if place else Item("")
    if before.text in _LIMITS:
        return True
    if before.text in ("the", "that"):
        return bool(items[place].number % 1) and any(_calls(one) for one in items[place + 1 :])
    if before.has("at"):
        return before.text != "around" and any(_calls(one) for one in items[:place])
    if _calls(before):
        return bool(items[place].number % 1)  # "fork drop 7.2"; "croak 3" is the third
    divides = before.text == "," or before.has("conj", "and")
    return divides and place > 1 and read[place - 2].kind == "clock"


def _calls(item: Item) -> bool:
    return any(item.has(kind) for kind in _CALLING)
