"""Stitching: who is seen on after a cut is the same source in the next shot."""

from typing import NamedTuple

import numpy as np
import scipy

from foley_designer.vision.motion.colours import likeness
from foley_designer.vision.tracking.tracklet import Tracklet, centre_of, size_of, usual_colours

NEAR_S = 1.5
"""How long before a cut a source may be seen last, and after it first."""
ALIKE = 0.6
"""Likeness of colours that the same source at least has on both sides of a cut."""
GATE = 1.2
"""Largest difference of the same source on both sides of a cut."""
END = 25
"""Sightings on each side that are compared."""


class Scene(NamedTuple):
    """One shot's tracklets."""

    first: int
    """First frame."""
    start_s: float
    tracklets: list[Tracklet]
    """By falling energy."""


def connect(scenes: list[Scene]) -> list[Tracklet]:
    """The tracklets of all shots, those of one source joined across cuts.

    Tracklets are known by colours, size and place; those whose silhouettes are not
    known stay apart. In the order of their first shots, by falling energy within one.
    """
    found: list[Tracklet] = []
    last: list[Tracklet] = []
    for scene in scenes:
        going = {id(new): old for old, new in _pairs(last, scene)}
        last = []
        for tracklet in scene.tracklets:
            old = going.get(id(tracklet))
            if old is None:
                found.append(tracklet)
            else:
                old.go_on(tracklet, scene.first)
            last.append(tracklet if old is None else old)
    return found


def _pairs(before: list[Tracklet], scene: Scene) -> list[tuple[Tracklet, Tracklet]]:
    """Which tracklets go on as which, by the least total difference."""
    old = [one for one in before if scene.start_s - one.times_s[-1] <= NEAR_S]
    new = [one for one in scene.tracklets if one.times_s[0] - scene.start_s <= NEAR_S]
    if not old or not new:
        return []
    cost = np.array([[_difference(one, other) for other in new] for one in old])
    rows, columns = scipy.optimize.linear_sum_assignment(np.minimum(cost, 10 * GATE))
    return [
        (old[row], new[column])
        for row, column in zip(rows, columns, strict=True)
        if cost[row, column] <= GATE
    ]


def _difference(old: Tracklet, new: Tracklet) -> float:
    """How differently two tracklets look, 0 for the same; infinite if that is not known."""
    before, after = old.regions[-END:], new.regions[:END]
    colours = usual_colours(before), usual_colours(after)
    if colours[0] is None or colours[1] is None:
        return float("inf")
    alike = likeness(colours[0], colours[1])
    if alike < ALIKE:
        return float("inf")
    sizes = [float(np.median([size_of(one) for one in part])) for part in (before, after)]
    places = [np.median([centre_of(one) for one in part], axis=0) for part in (before, after)]
    grown = abs(float(np.log(sizes[1] / sizes[0])))
    return 2 * (1 - alike) + 0.5 * grown + float(np.hypot(*(places[1] - places[0])))
