"""Adjoining shots: what goes on while the film cuts away from it is heard on, off screen."""

from collections.abc import Sequence
from itertools import pairwise

from foley_designer.core.script.observation import Observation, Shot, Track
from foley_designer.core.script.sound_event import Span

SHOT_S = 4.0
"""How long it goes on in shots that do not show it: a usual shot's length (Cutting, Brunick, Delong
and others, "Quicker, faster, darker", i-Perception 2, 2011)."""
NEAR_S = 0.25
"""How near to a cut a span must end, or its source be seen, to be cut off by it."""


def carried(spans: Sequence[Span], track: Track, observation: Observation) -> tuple[Span, ...]:
    """Spans of a track that a cut ends, each gone on with through the shots that come between.

    It ends where the track is seen again, and after a usual shot's length at the latest. An
    observation is of one scene, so no sound goes on into another place.
    """
    shots = observation.shots
    found: list[Span] = []
    for span in spans:
        end_s = span.end_s
        for shot, following in pairwise(shots):
            if abs(shot.end_s - span.end_s) <= NEAR_S and _leaves(track, shot, following):
                end_s = max(end_s, _until(track, shot.end_s, observation))
        if found and found[-1].end_s >= span.start_s - 1e-3:
            found[-1] = found[-1].model_copy(update={"end_s": max(found[-1].end_s, end_s)})
        else:
            found.append(span.model_copy(update={"end_s": end_s}))
    return tuple(found)


def through_cuts(
    windows: Sequence[tuple[float, float]], observation: Observation
) -> tuple[tuple[float, float], ...]:
    """Windows of a bed, gone on with to the scene's ends where they begin or end with a shot.

    Rain does not stop because its sentence belongs to one shot of several.
    """
    cuts = [shot.start_s for shot in observation.shots[1:]]

    def at_cut(time_s: float) -> bool:
        return any(abs(time_s - cut) <= NEAR_S for cut in cuts)

    ends_s = observation.clip.duration_s
    return tuple(
        (0.0 if at_cut(start) else start, ends_s if at_cut(end) else end) for start, end in windows
    )


def _leaves(track: Track, shot: Shot, following: Shot) -> bool:
    """Whether a track is seen up to the cut between two shots, and not behind it."""
    times = [one.time_s for one in track.sightings]
    before = any(shot.end_s - NEAR_S <= time < shot.end_s for time in times)
    behind = any(following.start_s <= time < following.end_s for time in times)
    return before and not behind and following.has_film


def _until(track: Track, cut_s: float, observation: Observation) -> float:
    """How long it goes on behind a cut: until it is seen again, or film ends."""
    again = [one.time_s for one in track.sightings if one.time_s >= cut_s]
    dark = [one.start_s for one in observation.shots if one.start_s >= cut_s and not one.has_film]
    ends = [cut_s + SHOT_S, observation.clip.duration_s, *again[:1], *dark[:1]]
    return min(ends)
