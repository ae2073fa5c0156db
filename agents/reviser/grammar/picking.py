"""Picking: small questions about the words of a phrase and the hits of an event."""

from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.vocabulary import COLLECTIVE, HIT_WORDS
from foley_designer.core.category import Subcategory
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.memory.inflection import stem

NEAR_S = 0.5
"""A sound "at 3 s" begins this near, or is going on."""
_SIDE_DEG = 5.0
"""What lies further off the centre than this is on a side."""


def stretch_of(when: Item, end_s: float) -> tuple[float, float]:
    """Seconds from and to."""
    if when.kind == "range":
        assert isinstance(when.value, tuple)
        return when.value[0], when.value[1]
    if when.kind == "last":
        return max(end_s - when.number, 0.0), end_s
    return 0.0, when.number


def hits_of(event: SoundEvent, items: Items, phrase: str) -> tuple[int, ...]:
    """Numbers of the hits that ordinals, "every second" or times choose.

    Raises:
        LostError: there is no such hit.
    """
    count = len(event.hits)
    for item in items:
        if item.kind == "nth":
            assert isinstance(item.value, tuple)
            return tuple(sorted({place_of(int(n), count, event.label) for n in item.value}))
        if item.kind == "every":
            step = str(item.value)
            if step in ("even", "odd"):
                return tuple(range(2 if step == "even" else 1, count + 1, 2))
            return tuple(range(int(step), count + 1, int(step)))
        if item.kind == "range":
            assert isinstance(item.value, tuple)
            start, end = item.value
            return tuple(n for n, hit in enumerate(event.hits, 1) if start <= hit.time_s <= end)
        if item.kind == "times":
            assert isinstance(item.value, tuple)
            return tuple(sorted({_nearest_hit(event, time_s) for time_s in item.value}))
        if item.kind == "at":
            gaps = [abs(hit.time_s - item.number) for hit in event.hits]
            if gaps and min(gaps) <= NEAR_S:
                return (gaps.index(min(gaps)) + 1,)
    raise LostError(f"Which of {phrase!r}?")


def _nearest_hit(event: SoundEvent, time_s: float) -> int:
    """The number of the hit at a time.

    Raises:
        LostError: there is none.
    """
    gaps = [abs(hit.time_s - time_s) for hit in event.hits]
    if not gaps or min(gaps) > NEAR_S:
        raise LostError(f"Nothing of {event.label} hits at {time_s:g} s.")
    return gaps.index(min(gaps)) + 1


def place_of(ordinal: float, count: int, label: str) -> int:
    """A number from 1 for an ordinal, which may count from the end; 0 is the middle one.

    Raises:
        LostError: there is no such hit.
    """
    if ordinal == 0:
        if count % 2 == 0:
            raise LostError(f"{label} has {count} of them, none in the middle.")
        return (count + 1) // 2
    number = int(count + 1 + ordinal if ordinal < 0 else ordinal)
    if not 1 <= number <= max(count, 1):
        raise LostError(f"{label} has {count} of them, no {ordinal:g}.")
    return number


def is_noun(item: Item) -> bool:
    """Whether it can name a sound."""
    if item.kind or item.has("quant"):
        return False
    return any(item.has(kind) for kind in ("name", "noun", "card", "attr", "hitword"))


def is_hit_word(item: Item) -> bool:
    """Whether it can stand for a single hit of whatever sounds."""
    if item.has("card"):
        return False
    return item.has("hitword") or item.has("noun", "hit") or stem(item.text) in HIT_WORDS


def is_unknown(item: Item) -> bool:
    """Whether nothing in a phrase for a target can be made of it."""
    if item.kind:
        return item.kind in ("num", "clock", "amount", "to", "over", "starts", "stops")
    known = ("name", "noun", "card", "attr", "hitword", "quant", "pron", "layer", "place", "side")
    return not any(
        item.has(kind)
        for kind in (*known, "extreme", "ord", "only", "is", "at", "walk", "from", "noise")
    )


def is_plural(said: Items) -> bool:
    """Whether words mean all that answer to them."""
    for item in said:
        if item.has("quant", "all", "else") or item.has("layer") or item.has("place"):
            return True
        if item.has("noun") and item.reading("noun") in COLLECTIVE:
            return True
        if item.has("side") or item.has("pron", "he", "she"):
            return True
    return any(is_noun(i) and i.text.endswith("s") and not i.text.endswith("ss") for i in said)


def is_away(event: SoundEvent) -> bool:
    """Out of sight, and no ambience of the place itself."""
    return not event.source.on_screen and event.subcategory is not Subcategory.AMBIENCE


def is_on(event: SoundEvent, side: str) -> bool:
    """Whether an event has its fixed place on a side, or in the centre."""
    source = event.source
    if source.kind is not SourceKind.POINT:
        return False
    if side == "centre":
        return abs(source.azimuth_deg) <= _SIDE_DEG
    sign = 1 if side.endswith("left") else -1
    return sign * source.azimuth_deg > _SIDE_DEG
