"""Association: the regions that the tracker gave to one track are one tracklet.

What shows of a track in another's region joins what shows of it elsewhere in the same frame.
"""

import numpy as np
import scipy

from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.tracking.merging import joined
from foley_designer.vision.tracking.tracklet import Tracklet

MIN_SEEN_S = 0.12
"""A tracklet seen for less is noise, unless nothing else was seen."""
STEADY_S = 0.4
"""Time over which the camera's way is smoothed to be told from its shake."""


def tracklets_of(motions: list[FrameMotion], first: int, last: int) -> list[Tracklet]:
    """Tracklets in frames ``first`` to ``last`` (excluded).

    Args:
        motions: one entry a frame of the clip.
        first: first frame of a shot; its own motion, against the shot before, is passed over.
        last: frame after the shot's last.

    Returns:
        Tracklets by falling energy.
    """
    found: dict[int, Tracklet] = {}
    sway = _sway(motions, first, last)
    for index in range(first + 1, last):
        motion = motions[index]
        for region in motion.regions:
            tracklet = found.setdefault(region.track, Tracklet())
            if tracklet.frames and tracklet.frames[-1] == index:
                tracklet.regions[-1] = joined(tracklet.regions[-1], region)
            else:
                tracklet.add(index, motion.time_s, region, sway[index - first])
    tracklets = list(found.values())
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
