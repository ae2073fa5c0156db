"""Association: moving regions of single frames become tracklets of one source each."""

from math import hypot

import numpy as np
import scipy

from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.motion.regions import Region
from foley_designer.vision.tracking.tracklet import GATE, MEMORY_S, Tracklet, centre_of, size_of

MIN_SEEN_S = 0.12
"""A tracklet seen for less is noise, unless nothing else was seen."""
STEADY_S = 0.4
"""Time over which the camera's way is smoothed to be told from its shake."""
SAME = 0.2
"""How much nearer a region that shares its figure with a tracklet is, around the time that figures
run together."""
OTHER = 0.5
"""How much farther, in sizes, one of another figure is."""


def link(motions: list[FrameMotion], first: int, last: int) -> list[Tracklet]:
    """Tracklets in frames ``first`` to ``last`` (excluded), by global assignment frame by frame.

    Args:
        motions: one entry a frame of the clip.
        first: first frame of a shot; its own motion, against the shot before, is passed over.
        last: frame after the shot's last.

    Returns:
        Tracklets by falling energy.
    """
    alive: list[Tracklet] = []
    ended: list[Tracklet] = []
    sway = _sway(motions, first, last)
    for index in range(first + 1, last):
        motion = motions[index]
        old = [one for one in alive if motion.time_s - one.times_s[-1] > MEMORY_S]
        ended += old
        alive = [one for one in alive if one not in old]
        _extend(alive, index, motion, sway[index - first])
    tracklets = ended + alive
    lasting = [one for one in tracklets if one.times_s[-1] - one.times_s[0] >= MIN_SEEN_S]
    return sorted(lasting or tracklets, key=lambda one: (-one.energy, one.frames[0]))


def _sway(motions: list[FrameMotion], first: int, last: int) -> list[tuple[float, float]]:
    """How far the camera is from its smooth way in each frame, frame widths and heights."""
    way = np.cumsum([motion.camera_step for motion in motions[first:last]], axis=0)
    times = np.array([motion.time_s for motion in motions[first:last]])
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    smooth = scipy.ndimage.gaussian_filter1d(
        way, STEADY_S / max(step, 1e-3), axis=0, mode="nearest"
    )
    return [(float(x), float(y)) for x, y in way - smooth]


def _extend(
    alive: list[Tracklet], index: int, motion: FrameMotion, sway: tuple[float, float]
) -> None:
    """Give each region of one frame to the tracklet that expects it, or to a new one."""
    regions = list(motion.regions)
    taken: set[int] = set()
    if alive and regions:
        cost = np.array(
            [[_distance(one, part, motion.time_s) for part in regions] for one in alive]
        )
        for row, column in zip(
            *scipy.optimize.linear_sum_assignment(np.minimum(cost, 10 * GATE)), strict=True
        ):
            if cost[row, column] <= GATE:
                alive[row].add(index, motion.time_s, regions[column], sway)
                taken.add(int(column))
    for column, region in enumerate(regions):
        if column not in taken:
            tracklet = Tracklet()
            tracklet.add(index, motion.time_s, region, sway)
            alive.append(tracklet)


def _distance(tracklet: Tracklet, region: Region, time_s: float) -> float:
    """Distance between expected and found centre, in mean sizes; less after a long wait."""
    last = tracklet.regions[-1]
    x, y = tracklet.expected(time_s)
    found_x, found_y = centre_of(region)
    size = max(0.5 * (size_of(last) + size_of(region)), 0.04)
    waited = min(time_s - tracklet.times_s[-1], MEMORY_S)
    apart = hypot(found_x - x, found_y - y) / size / (1 + 0.5 * waited)
    whole = region.colours is not None and last.colours is not None
    if not (region.is_shared or last.is_shared or whole):
        return apart
    return SAME * min(apart, 2 * GATE) if region.figure == last.figure else apart + OTHER
