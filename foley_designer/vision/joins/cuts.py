"""Cuts: a change between two frames that stands out of what moves around it, and stays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.joins.weighing import log_odds, speaks

Floats = NDArray[np.float64]
Thumbs = NDArray[np.integer]

LEAST = 4.0
"""Mean change of the thumbnail, of 255, from which a gap between frames is looked at. Of 232 cuts
in joined films one lies under it (benchmarks/scenes/scenes_film.py)."""
ABRUPT = 14.0
"""Change from which two frames may lie on both sides of a cut: what follows movement begins anew,
for better once too often than across a cut."""
STAYS_S = 0.5
"""Seconds for which a cut's change is still there, and before it was not: a flash or a passer-by
has gone, and what it hid was there before."""
CHUNK = 4096
"""Frames that are compared at once."""
PEAK = 2
"""Frames before and after within which a cut changes most."""
BESIDE, AROUND = 3, 8
"""Frames before and after that a change is set against: its neighbours, and the usual change."""


class CutMeasures(NamedTuple):
    """What is measured of the gaps between frames that may be cuts."""

    frames: NDArray[np.int64]
    """``[gaps]``: first frame after each."""
    measures: dict[str, Floats]
    """``[gaps]`` each: log of the change, and of its ratio to the largest beside it, to the usual
    one around it; of what is left of it later, and of how new what follows is."""


def cuts(thumbs: Thumbs, times_s: Floats) -> list[int]:
    """First frames after cuts, in order.

    Args:
        thumbs: ``[frames, 9, 16, 3]``, as `FrameStatistics.thumb`.
        times_s: ``[frames]``, presentation times.
    """
    found = cut_measures(thumbs, times_s)
    if not found.frames.size:
        return []
    return [int(k) for k in found.frames[speaks(log_odds("cut", found.measures), "cut")]]


def cut_measures(thumbs: Thumbs, times_s: Floats) -> CutMeasures:
    """Gaps that change more than their neighbours, and how much they stand out."""
    wide = thumbs.astype(np.int16)
    change = np.r_[0.0, _changes(wide)]
    rows, frames = [], []
    for index in np.nonzero(change > LEAST)[0]:
        beside = np.r_[change[max(1, index - BESIDE) : index], change[index + 1 :][:BESIDE]]
        around = np.r_[change[max(1, index - AROUND) : index], change[index + 1 :][:AROUND]]
        if (
            beside.size == 0
            or change[index] < change[max(0, index - PEAK) : index + PEAK + 1].max()
        ):
            continue
        until = np.searchsorted(times_s, times_s[index] + STAYS_S)
        later = wide[index : max(int(until), index + 1)]
        stays = min(difference(wide[index - 1], one) for one in later)
        since = np.searchsorted(times_s, times_s[index - 1] - STAYS_S, "right")
        earlier = wide[min(int(since), index - 1) : index]
        new = min(difference(wide[index], one) for one in earlier)
        size = np.log1p(change[index])
        rows.append(
            [
                size,
                size - np.log1p(beside.max()),
                size - np.log1p(np.median(around)),
                np.log1p(stays) - size,
                np.log1p(new) - size,
            ]
        )
        frames.append(index)
    table = np.array(rows, np.float64).reshape(-1, 5)
    names = ("size", "over_beside", "over_usual", "stays", "new")
    return CutMeasures(np.array(frames, np.int64), dict(zip(names, table.T, strict=True)))


def _changes(wide: NDArray[np.int16]) -> Floats:
    """`difference` of all frames to the ones before, `CHUNK` at once so that memory stays flat."""
    parts = []
    for begin in range(0, len(wide) - 1, CHUNK):
        delta = np.diff(wide[begin : begin + CHUNK + 1], axis=0).astype(np.float32)
        centred = delta - delta.mean((1, 2), keepdims=True)
        parts.append(0.5 * (np.abs(delta) + np.abs(centred)).mean((1, 2)).sum(1))
    return np.concatenate(parts or [np.zeros(0)]).astype(np.float64)


def difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """Mean absolute difference; a shift of all brightness alone counts half."""
    delta = (one - other).astype(np.float64)
    centred = delta - delta.mean((0, 1))
    return float(0.5 * (np.abs(delta).mean(axis=(0, 1)).sum() + np.abs(centred).mean((0, 1)).sum()))
