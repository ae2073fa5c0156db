"""Parts: which hits or stretches of events a phrase counts, or gives the time of."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.naming import Naming
from foley_designer.agents.reviser.grammar.picking import (
    NEAR_S,
    hits_of,
    is_noun,
    is_plural,
    place_of,
    stretch_of,
)
from foley_designer.agents.reviser.grammar.target import Picks, Target, UnsureError
from foley_designer.core.script.sound_event import SoundEvent


class Parts:
    """Reads parts of the events that a phrase fits.

    Args:
        naming: which of several events a phrase names in so many words.
        clip_s: how long the clip lasts, in seconds.
    """

    def __init__(self, naming: Naming, clip_s: float) -> None:
        self.naming = naming
        self.clip_s = clip_s

    def read(self, pool: list[SoundEvent], said: Items, phrase: str) -> Picks:
        """Hits or stretches of events; the nth of several events."""
        counted = [item for item in said if item.kind in ("nth", "every", "times")]
        if len(counted) > 1:  # "the second door opening"
            counted = [item for item in counted if item.text not in ("opening", "closing")]
            said = [item for item in said if item in counted or item.kind != "nth"]
        timed = [item for item in said if item.kind in ("at", "range", "last", "first")]
        if counted and len(pool) > 1:
            singles = all(len(event.hits) <= 1 for event in pool)
            if singles and all(item.kind == "nth" for item in counted):
                in_time = sorted(pool, key=lambda event: event.start_s)
                ordinals = counted[0].value
                assert isinstance(ordinals, tuple)
                numbers = [place_of(float(n), len(in_time), phrase) for n in ordinals]
                return tuple(Target(in_time[number - 1]) for number in numbers)
            pool = self.naming.titled(pool, said)
            if len(pool) > 1 and not is_plural(said):
                able = [e for e in pool if len(e.hits) > 1] or pool
                if len(able) == 1:
                    return counted_hits(able[0], said)
                raise UnsureError(phrase, [counted_hits(event, said) for event in able])
        if len(timed) > 1 or len(counted) > 1:
            raise LostError("That names its hits in two ways: say one.")
        if counted:
            return tuple(one for event in pool for one in counted_hits(event, said))
        return self._timed(pool, said, timed[0], phrase)

    def _timed(self, pool: list[SoundEvent], said: Items, when: Item, phrase: str) -> Picks:
        """What sounds at a time or within a stretch."""
        if when.kind == "at":
            return self._at(pool, when.number, said, phrase)
        start, end = stretch_of(when, self.clip_s)
        found = []
        for event in pool:
            hits = tuple(n for n, h in enumerate(event.hits, 1) if start <= h.time_s <= end)
            if event.hits and hits:
                found.append(Target(event, hits if len(hits) < len(event.hits) else ()))
            elif any(s.start_s < end and s.end_s > start for s in event.spans):
                found.append(Target(event, stretch=(start, min(end, self.clip_s))))
        if not found:
            raise LostError(f"Nothing of that sounds from {start:g} s to {end:g} s.")
        if len(pool) > 1 and len(found) > 1 and not is_plural(said):
            raise UnsureError(phrase, [(target,) for target in found])
        return tuple(found)

    def _at(self, pool: Sequence[SoundEvent], time_s: float, said: Items, phrase: str) -> Picks:
        """What sounds at a time: a hit, or what goes on."""
        near: list[tuple[float, Target]] = []
        named = any(is_noun(item) for item in said)
        for event in pool:
            for number, hit in enumerate(event.hits, start=1):
                if abs(hit.time_s - time_s) <= NEAR_S:
                    single = len(event.hits) == 1
                    near.append(
                        (abs(hit.time_s - time_s), Target(event, () if single else (number,)))
                    )
            if any(span.start_s <= time_s < span.end_s for span in event.spans):
                if named and len(pool) == 1:
                    raise UnsureError(phrase, _whole_or_from(event, time_s))
                near.append((0.0 if named else NEAR_S, Target(event)))
        if not near:
            raise LostError(f"Nothing of that sounds at {time_s:g} s.")
        best = min(gap for gap, _ in near)
        found = [target for gap, target in near if gap <= best + 0.05]
        if len(found) == 1:
            return (found[0],)
        raise UnsureError(phrase, [(target,) for target in found])


def counted_hits(event: SoundEvent, said: Items) -> Picks:
    """The hits of one event that a phrase counts.

    Raises:
        LostError: it has no such hits, or none at all.
    """
    if not event.hits:
        raise LostError(f"{event.label} goes on: it has no single hits to count.")
    hits = hits_of(event, said, event.label)
    for item in said:
        if item.kind in ("range", "at"):
            within = hits_of(event, [item], event.label)
            hits = tuple(n for n in hits if n in within)
        elif item.kind in ("first", "last"):
            raise LostError(f"Which of {event.label}?")
    if not hits:
        raise LostError(f"{event.label} has no such hit.")
    return (Target(event, hits if len(event.hits) > 1 else ()),)


def _whole_or_from(event: SoundEvent, time_s: float) -> list[Picks]:
    """What "at 5 s" can mean of a sound that goes on: all of it, or what comes from there on."""
    return [(Target(event),), (Target(event, stretch=(time_s, event.end_s)),)]
