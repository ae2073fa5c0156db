"""Candidates: the moments that are worth looking at, one for each instant."""

from bisect import bisect, insort
from collections.abc import Collection, Sequence
from math import inf

from foley_designer.core.script.observation import Moment, MomentKind, Observation
from foley_designer.core.script.spotting_apply import SAME_S

LEAST = 0.12
"""Confidence under which a moment is noise."""


def candidates(
    observation: Observation,
    most: int,
    kinds: Collection[MomentKind] = tuple(MomentKind),
    *,
    doubtful_first: bool = False,
) -> tuple[Moment, ...]:
    """Moments to look at, in time order: the surest of each instant.

    Args:
        observation: what was seen.
        most: how many at most.
        kinds: kinds of moments that matter.
        doubtful_first: if there are more, take those between yes and no instead of the surest.
    """
    found: list[Moment] = []
    times: list[float] = []
    for moment in sorted(observation.moments, key=lambda one: (-one.confidence, one.time_s)):
        if moment.kind not in kinds or moment.confidence < LEAST:
            continue
        if nearest_s(times, moment.time_s) > SAME_S:
            found.append(moment)
            insort(times, moment.time_s)
    if doubtful_first:
        found.sort(key=lambda one: (abs(one.confidence - 0.5), one.time_s))
    return tuple(sorted(found[:most], key=lambda one: (one.time_s, one.id)))


def nearest_s(times_s: Sequence[float], time_s: float) -> float:
    """Seconds to the nearest of times in order; infinite if there is none."""
    at = bisect(times_s, time_s)
    return min((abs(time_s - other) for other in times_s[max(0, at - 1) : at + 1]), default=inf)
