"""Stretches in which the picture gives no ground for a sound on screen."""

from itertools import groupby
from typing import NamedTuple

from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SoundEvent, SourceKind

STILL = 0.002
"""Share of the frame below which nothing moves."""
MIN_STILL_S = 0.8
"""Shorter pauses belong to the movement around them."""
_NEAR_S = 0.25
"""A moment speaks for this long before and after it."""


class Stretch(NamedTuple):
    """[start_s, end_s)."""

    start_s: float
    end_s: float


def empty_stretches(observation: Observation) -> tuple[Stretch, ...]:
    """Stretches without movement and without a moment."""
    frame_s = observation.clip.frame_s
    found: list[Stretch] = []
    for still, group in groupby(enumerate(observation.activity), key=lambda item: item[1] < STILL):
        frames = [index for index, _ in group]
        start, end = frames[0] * frame_s, (frames[-1] + 1) * frame_s
        if still:
            found += _between_moments(observation, start, end)
    return tuple(found)


def _between_moments(observation: Observation, start_s: float, end_s: float) -> list[Stretch]:
    """The parts of a still stretch that lie away from every moment."""
    parts, begin = [], start_s
    for moment in observation.moments:
        if start_s - _NEAR_S < moment.time_s < end_s + _NEAR_S:
            parts.append(Stretch(begin, moment.time_s - _NEAR_S))
            begin = moment.time_s + _NEAR_S
    parts.append(Stretch(begin, end_s))
    return [part for part in parts if part.end_s - part.start_s >= MIN_STILL_S]


def unseen_times(event: SoundEvent, observation: Observation) -> tuple[float, ...]:
    """Hits on screen in shots that don't show the event's track, and that no moment supports."""
    track = observation.track(event.source.track_id)
    if track is None or not event.source.on_screen:
        return ()
    shots = [
        (shot.start_s, shot.end_s)
        for shot in observation.shots
        if track.start_s < shot.end_s and track.end_s > shot.start_s
    ]
    return tuple(
        hit.time_s
        for hit in event.hits
        if hit.moment_id is None
        and not any(start - _NEAR_S <= hit.time_s <= end + _NEAR_S for start, end in shots)
    )


def groundless_times(event: SoundEvent, stretches: tuple[Stretch, ...]) -> tuple[float, ...]:
    """Hit times of an on-screen event that fall into an empty stretch."""
    if event.source.kind is SourceKind.AROUND or not event.source.on_screen:
        return ()
    return tuple(
        hit.time_s
        for hit in event.hits
        if any(stretch.start_s <= hit.time_s < stretch.end_s for stretch in stretches)
    )
