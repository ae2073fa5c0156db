"""Sources: from tracklets of moving regions to tracks with a kind, a confidence and distances."""

import numpy as np
import scipy

from foley_designer.core.script.observation import Box, MotionKind, Sighting, Track
from foley_designer.vision.events.impacts import Impacts
from foley_designer.vision.geometry.depth import GroundPlaneAndSize, smooth
from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.motion.regions import Region
from foley_designer.vision.tracking.tracklet import Tracklet, path_of

TRAVEL = 0.25
"""Frame widths that a source crosses to count as passing."""
FILLS = 0.5
"""Width of the frame from which a source, such as a train, passes without its place changing."""
UPRIGHT = 1.2, 6.0
"""Times as high as wide that one who walks is; what is narrower is an edge."""
COMES = 1.5
"""Times as high from which an upright thing has come nearer, or gone away: 2 m at 6 m. Whoever
works on the spot stands up or leans by less."""
WHOLE = 0.8
"""Share of the frame's width and height from which what moves is all that there is: no single thing
that strikes can be told in it."""
STEADILY = 0.75
"""Share of such a one's movement that goes one way. Trains have .8 to 1, drummers, smiths and a
camera that follows boots up to .7, water and crowds up to .2."""


def kind_of(tracklet: Tracklet, reading: Impacts, aspect: float) -> MotionKind:
    """How a source moves, by its path, its shape and its contacts: flight, or their rhythm.

    What goes up or down the frame is seen from above or comes near, so it is no upright walker.
    """
    regions = tracklet.regions
    if reading.in_flight:
        return MotionKind.FALLING
    if len(regions) < 5:
        return MotionKind.FLICKERING
    places = path_of(tracklet) / (1.0, aspect)
    width = float(np.median([r.right - r.left for r in regions]))
    height = float(np.median([r.bottom - r.top for r in regions])) / aspect
    path = scipy.ndimage.gaussian_filter1d(places, 3.0, axis=0, mode="nearest")
    wandered = float(np.hypot(*np.diff(path, axis=0).T).sum())
    across, down = np.abs(path[-1] - path[0])
    beats = [one for one in reading.contacts if one.confidence >= 0.5]
    travel = float(np.hypot(across, down))
    if travel > max(TRAVEL, 0.5 * width) and travel > 0.6 * wandered:
        upright = height > UPRIGHT[0] * width and across > down
        return MotionKind.WALKING if upright else MotionKind.PASSING
    if UPRIGHT[0] * width < height < UPRIGHT[1] * width and _comes(tracklet):
        return MotionKind.WALKING
    flow = np.array([region.dx for region in regions])
    if width > FILLS and abs(flow.sum()) > max(TRAVEL, STEADILY * np.abs(flow).sum()):
        return MotionKind.PASSING
    is_whole = width > WHOLE and height * aspect > WHOLE
    return MotionKind.STRIKING if len(beats) >= 3 and not is_whole else MotionKind.WORKING


def _comes(tracklet: Tracklet) -> bool:
    """Whether its height grows or shrinks steadily by much (Theil-Sen slope of its logarithm)."""
    heights = np.log([max(one.bottom - one.top, 1e-3) for one in tracklet.regions])
    some = np.unique(np.linspace(0, len(heights) - 1, 100).astype(int))
    times = np.array(tracklet.times_s)[some]
    slope, _, low, high = scipy.stats.theilslopes(heights[some], times)
    return bool(low * high > 0 and abs(slope) * (times[-1] - times[0]) > np.log(COMES))


def track_of(
    name: str,
    tracklet: Tracklet,
    kind: MotionKind,
    total_energy: float,
    depth: GroundPlaneAndSize,
    aspect: float,
    field_of_view_deg: float,
    motions: list[FrameMotion],
) -> Track:
    """The public form of a tracklet."""
    boxes = [_box(region) for region in tracklet.regions]
    distances = smooth([depth.distance(box, kind, aspect, field_of_view_deg) for box in boxes])
    sightings = tuple(
        Sighting(
            time_s=time_s,
            box=box,
            distance_m=distance,
            speed=float(np.hypot(region.dx, region.dy) / max(motions[frame].gap_s, 1e-3)),
        )
        for frame, time_s, region, box, distance in zip(
            tracklet.frames, tracklet.times_s, tracklet.regions, boxes, distances, strict=True
        )
    )
    seen = len(tracklet.frames) / max(1, tracklet.frames[-1] - tracklet.frames[0] + 1)
    share = tracklet.energy / max(total_energy, 1e-9)
    confidence = float(np.clip(0.3 + 0.4 * seen * min(1.0, len(boxes) / 12) + 0.3 * share, 0, 1))
    return Track(id=name, kind=kind, confidence=confidence, sightings=sightings)


def _box(region: Region) -> Box:
    return Box(
        x=(region.left + region.right) / 2,
        y=(region.top + region.bottom) / 2,
        width=max(region.right - region.left, 1e-3),
        height=max(region.bottom - region.top, 1e-3),
    )
