"""Passages: the stretches in which an event is performed without a long rest."""

import math
from typing import NamedTuple

from foley_designer.core.clip import Clip
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.core.timecode import frame_at, from_timecode, to_timecode

REST_S = 2.0
"""A rest longer than this ends a passage: an editor cues what follows anew."""


class Passage(NamedTuple):
    """One stretch of one event: one row of a cue sheet, one region on a timeline."""

    event: SoundEvent
    start_s: float
    end_s: float
    """Last hit or end of the last span; tails ring on."""
    hits: tuple[Hit, ...]

    @property
    def confidence(self) -> float:
        """How sure its timing and its event are: the lowest of them."""
        return min([self.event.confidence] + [hit.confidence for hit in self.hits])


def passages(event: SoundEvent) -> tuple[Passage, ...]:
    """The event's passages in time order."""
    parts = [(hit.time_s, hit.time_s, (hit,)) for hit in event.hits]
    spans = [(span.start_s, span.end_s, ()) for span in event.spans]
    joined: list[Passage] = []
    for start, end, hits in sorted([*parts, *spans], key=lambda part: part[:2]):
        if joined and start - joined[-1].end_s <= REST_S:
            last = joined.pop()
            joined.append(Passage(event, last.start_s, max(last.end_s, end), (*last.hits, *hits)))
        else:
            joined.append(Passage(event, start, end, hits))
    return tuple(joined)


class Ruler:
    """Counts a clip's time in timecode, from the clip's own start or from one that is given."""

    def __init__(self, clip: Clip, start: str | None = None) -> None:
        self.rate = clip.timecode_rate
        self.origin = 0
        """Frame of the day at which the clip begins."""
        self.drop_frame: bool | None = None
        """As the start is written; None takes the rate's custom."""
        try:
            if start or clip.timecode:
                told = start or clip.timecode or ""
                self.origin = from_timecode(told, self.rate)
                self.drop_frame = ";" in told
        except ValueError:
            if start:
                raise

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruler) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        return self.rate, self.origin, self.drop_frame

    def at(self, time_s: float) -> str:
        """Timecode of the frame on screen at a time of the clip."""
        return self._told(self.origin + frame_at(time_s, self.rate))

    def after(self, time_s: float) -> str:
        """Timecode of the first frame that starts at or after a time: an exclusive out point."""
        return self._told(self.origin + self.frame_after(time_s))

    def _told(self, frame: int) -> str:
        return to_timecode(frame, self.rate, self.drop_frame)

    def frame_after(self, time_s: float) -> int:
        """First frame of the clip that starts at or after a time."""
        return math.ceil(time_s * self.rate.numerator / self.rate.denominator - 1e-6)
