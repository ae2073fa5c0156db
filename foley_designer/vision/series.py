"""Series: how one source moves through time, as directional flow per second."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.linking import Trail
from foley_designer.vision.motion import DIRECTIONS, FrameMotion

Floats = NDArray[np.float64]

REPEAT = 0.12
"""A picture that changes by less than this share of the usual is a repeat of the one before."""
MAX_REPEATS = 3


class Series(NamedTuple):
    """Motion of one source between pictures; repeated pictures are joined with the next."""

    start_s: Floats
    """Start of each interval between two different pictures."""
    end_s: Floats
    flow: Floats
    """Directional flow histogram per second, ``[intervals, directions]``."""
    low_flow: Floats
    """The same for the lowest third of the source."""
    change: Floats
    """Grey-level change per second of the source's pixels, ``[intervals]``."""

    def interval_at(self, grid_s: Floats) -> NDArray[np.intp]:
        """Index of the interval that holds each time of a grid."""
        return np.clip(np.searchsorted(self.end_s, grid_s, "left"), 0, len(self.end_s) - 1)


def repeats(motions: list[FrameMotion]) -> NDArray[np.bool_]:
    """Which pictures repeat the one before, as pulldown or a held frame does."""
    change = np.array([motion.change for motion in motions])
    usual = float(np.median(change[1:])) if len(change) > 1 else 0.0
    return np.asarray(change < REPEAT * max(usual, 1e-6)) & (np.arange(len(change)) > 0)


def series_of(
    motions: list[FrameMotion], trail: Trail, repeated: NDArray[np.bool_], first: int, last: int
) -> Series:
    """The series of one trail within the frames ``first`` to ``last`` (excluded) of a shot."""
    flow = np.zeros((last - first, DIRECTIONS))
    low, change = np.zeros_like(flow), np.zeros(last - first)
    for frame, region in zip(trail.frames, trail.regions, strict=True):
        flow[frame - first] = region.flow
        low[frame - first] = region.low_flow
        change[frame - first] = region.change
    starts, ends, flows, lows, changes = [], [], [], [], []
    begin = first
    for index in range(first + 1, last):
        if repeated[index] and index - begin <= MAX_REPEATS and index + 1 < last:
            continue
        span = slice(begin + 1 - first, index + 1 - first)
        elapsed = max(motions[index].time_s - motions[begin].time_s, 1e-3)
        starts.append(motions[begin].time_s)
        ends.append(motions[index].time_s)
        flows.append(flow[span].sum(0) / elapsed)
        lows.append(low[span].sum(0) / elapsed)
        changes.append(change[span].sum() / elapsed)
        begin = index
    columns = (starts, ends, flows, lows, changes)
    return Series(*(np.array(column) for column in columns))
