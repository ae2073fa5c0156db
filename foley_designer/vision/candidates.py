"""Candidates: the moments that are worth looking at, one for each instant."""

from collections.abc import Collection

from foley_designer.core.observation import Moment, MomentKind, Observation
from foley_designer.core.spotting_apply import SAME_S

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
        doubtful_first: where there are more, take those between yes and no instead of the surest.
    """
    found: list[Moment] = []
    for moment in sorted(observation.moments, key=lambda one: (-one.confidence, one.time_s)):
        if moment.kind not in kinds or moment.confidence < LEAST:
            continue
        if all(abs(moment.time_s - other.time_s) > SAME_S for other in found):
            found.append(moment)
    if doubtful_first:
        found.sort(key=lambda one: (abs(one.confidence - 0.5), one.time_s))
    return tuple(sorted(found[:most], key=lambda one: (one.time_s, one.id)))
