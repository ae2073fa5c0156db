"""Motion signal: how one source moves, as a velocity between one frame and the next."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.motion.regions import AXES, DIRECTIONS, Region
from foley_designer.vision.tracking.tracklet import Tracklet, centre_of, travels

Floats = NDArray[np.float64]

REPEAT = 0.12
"""A frame that changes by less than this share of the usual is a repeat of the one before."""
MAX_REPEATS = 3
CALM = 0.02
"""Share of the strongest flow that counts as no direction."""

AMONG = 0.15
"""How clearly feet are seen among others."""
GROUND_S = 2.0
"""Time before and after by which the ground that it stands on is told."""
CUT_OFF = 0.1
"""Share of its height that feet at least take up."""
RESTS_S = 0.3
"""Time for which a source may show no movement and count as seen."""

FLOW_REACH_S, PATH_REACH_S = 0.1, 0.06
"""Flow of blurred limbs is noisy and averaged over longer than the path of a whole thing."""


class MotionSignal(NamedTuple):
    """Motion of one source between frames; repeated frames are joined with the next.

    Velocities are net direction (0..1 long) times grey-level change per second: how much moves,
    and how far it agrees on where.
    """

    start_s: Floats
    """Start of each interval between two different frames."""
    end_s: Floats
    velocity: Floats
    """``[intervals, 2]``, x to the right and y down."""
    low_velocity: Floats
    """The same for the lowest third of the source, where feet are."""
    clear: Floats
    """How clearly its feet were seen in each interval: 1 by themselves, 0 not at all."""
    heading: float = 0.0
    """Way to the right over the ground in its own widths; 0 if it stays about where it is."""
    reach_s: float = FLOW_REACH_S
    """Time over which movement before and after an instant is best averaged."""

    def interval_at(self, grid_s: Floats) -> NDArray[np.intp]:
        """Index of the interval that holds each time of a grid."""
        return np.clip(np.searchsorted(self.end_s, grid_s, "left"), 0, len(self.end_s) - 1)


def repeats(motions: list[FrameMotion]) -> NDArray[np.bool_]:
    """Which frames repeat the one before, as pulldown or a held frame does."""
    change = np.array([motion.change for motion in motions])
    usual = float(np.median(change[1:])) if len(change) > 1 else 0.0
    return np.asarray(change < REPEAT * max(usual, 1e-6)) & (np.arange(len(change)) > 0)


def series_of(
    motions: list[FrameMotion],
    tracklet: Tracklet,
    repeated: NDArray[np.bool_],
    first: int,
    last: int,
) -> MotionSignal:
    """The series of one tracklet within the frames ``first`` to ``last`` (excluded) of a shot."""
    kept = [first]
    for index in range(first + 1, last):
        held = repeated[index] and index - kept[-1] <= MAX_REPEATS and index + 1 < last
        if not held:
            kept.append(index)
    times = np.array([motions[index].time_s for index in kept])
    elapsed = np.maximum(np.diff(times), 1e-3)
    flow, low = np.zeros((2, last - first, DIRECTIONS))
    change, clear = np.zeros(last - first), _clear(tracklet, motions, first, last)
    for frame, region in zip(tracklet.frames, tracklet.regions, strict=True):
        flow[frame - first], low[frame - first] = region.flow, region.low_flow
        change[frame - first] = region.change
    bounds = np.array(kept[:-1], np.intp) - first + 1
    if bounds.size == 0:
        return MotionSignal(times[:0], times[:0], np.zeros((0, 2)), np.zeros((0, 2)), times[:0])
    flow, low, change = (np.add.reduceat(one, bounds) for one in (flow, low, change))
    clear = np.maximum.reduceat(clear, bounds)
    amount = (change / elapsed)[:, None]
    velocity, low_velocity = _direction(flow) * amount, _direction(low) * amount
    moves = travels(tracklet)
    if moves:
        velocity = _path_velocity(tracklet, motions, times, elapsed) * change.sum()
    blind = np.searchsorted(kept, tracklet.cuts) - 1
    for one in (velocity, low_velocity):
        _bridge(one, blind)
    return MotionSignal(
        times[:-1],
        times[1:],
        velocity,
        low_velocity,
        clear,
        _heading(tracklet, motions),
        PATH_REACH_S if moves else FLOW_REACH_S,
    )


def ground_path(tracklet: Tracklet, motions: list[FrameMotion]) -> Floats:
    """Places ``[sightings, 2]`` in frame widths and heights, camera movement removed."""
    first, last = tracklet.frames[0], tracklet.frames[-1]
    camera = np.cumsum([one.camera_step for one in motions[first : last + 1]], axis=0)
    places = np.array([centre_of(region) for region in tracklet.regions])
    return np.asarray(places - camera[np.array(tracklet.frames) - first])


def _heading(tracklet: Tracklet, motions: list[FrameMotion]) -> float:
    """How far to the right a source gets within its shots, in its widths; 0 under one width."""
    width = float(np.median([region.right - region.left for region in tracklet.regions]))
    moved = np.diff(ground_path(tracklet, motions)[:, 0])
    moved[np.searchsorted(tracklet.frames, tracklet.cuts) - 1] = 0.0
    gone = float(moved.sum()) / max(width, 1e-6)
    return gone if abs(gone) > 1 else 0.0


def _clear(tracklet: Tracklet, motions: list[FrameMotion], first: int, last: int) -> Floats:
    """How clearly a source's feet are seen in each frame.

    One that rests for a moment is not hidden.
    """
    clear = np.zeros(last - first)
    seen = [
        AMONG if is_cut_off or _is_trodden(region, motions[frame].regions) else 1.0
        for frame, region, is_cut_off in zip(
            tracklet.frames, tracklet.regions, _cut_off_below(tracklet), strict=True
        )
    ]
    for at, (frame, time_s) in enumerate(zip(tracklet.frames, tracklet.times_s, strict=True)):
        begin = frame
        if at and time_s - tracklet.times_s[at - 1] <= RESTS_S:
            begin = tracklet.frames[at - 1] + 1
        clear[begin - first : frame + 1 - first] = seen[at]
    return clear


def _cut_off_below(tracklet: Tracklet) -> list[bool]:
    """In which sightings a source ends so high that something must stand before its feet."""
    bottoms = np.array([region.bottom for region in tracklet.regions])
    height = float(np.median([region.bottom - region.top for region in tracklet.regions]))
    gap_s = float(np.median(np.diff(tracklet.times_s))) if len(bottoms) > 1 else 1.0
    size = 2 * round(GROUND_S / max(gap_s, 1e-3)) + 1
    ground = scipy.ndimage.percentile_filter(bottoms, 75, size, mode="nearest")
    return [bool(one) for one in ground - bottoms > CUT_OFF * height]


def _is_trodden(region: Region, regions: Sequence[Region]) -> bool:
    """Whether another source that it runs together with is where its feet are."""
    knee = region.bottom - (region.bottom - region.top) / 3
    return region.is_shared and any(
        other.track != region.track
        and other.bottom > knee
        and other.top < region.bottom
        and other.right > region.left
        and other.left < region.right
        for other in regions
    )


def _bridge(velocity: Floats, blind: NDArray[np.intp]) -> None:
    """Let movement go on through intervals that a cut lies in, between their neighbours."""
    seen = np.setdiff1d(np.arange(len(velocity)), blind)
    for axis in (0, 1) if seen.size else ():
        velocity[blind, axis] = np.interp(blind, seen, velocity[seen, axis])


def _direction(flow: Floats) -> Floats:
    """Net direction of directional flow histograms, 0 long where they cancel or nothing flows."""
    total = flow.sum(1)
    return np.asarray(flow @ AXES / (total + CALM * total.max() + 1e-12)[:, None])


def _path_velocity(
    tracklet: Tracklet, motions: list[FrameMotion], times: Floats, elapsed: Floats
) -> Floats:
    """Velocity from the source's places, camera movement removed, its whole path being 1 long."""
    places = ground_path(tracklet, motions)
    seen = np.array(tracklet.times_s)
    path = np.stack([np.interp(times, seen, places[:, axis]) for axis in (0, 1)], 1)
    moved = np.diff(path, axis=0)
    moved[np.searchsorted(times, [motions[cut].time_s for cut in tracklet.cuts]) - 1] = 0.0
    return np.asarray(moved / elapsed[:, None] / max(float(np.hypot(*moved.T).sum()), 1e-6))
