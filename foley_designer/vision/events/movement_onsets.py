"""Movement onsets: movement that begins out of rest, and light that jumps."""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.motion.motion import FrameMotion

Floats = NDArray[np.float64]

NOISE = 0.2
"""Grey levels by which frames at rest change."""
USUAL_S = 2.0
"""Time over which the quieter part of the level is the usual one."""
THICK = 1.5
"""Beginnings per second above which they are steps of one movement rather than beginnings."""
APART_S = 0.2
RISE = 1.6
"""Times the level at rest that change must reach to count as a beginning."""


class Burst(NamedTuple):
    """One beginning."""

    time_s: float
    strength: float
    confidence: float


def beginnings(
    motions: list[FrameMotion], repeated: NDArray[np.bool_], first: int, last: int
) -> list[Burst]:
    """Instants at which movement begins out of relative rest: a mouth opens, a thing starts.

    Args:
        motions: one entry a frame of the clip.
        repeated: which frames repeat the one before; they are passed over.
        first: first frame of a shot.
        last: frame after its last.
    """
    part = [motions[index] for index in range(first + 1, last) if not repeated[index]]
    if len(part) < 4:
        return []
    times = np.array([motion.time_s for motion in part])
    level = np.log(np.array([motion.change for motion in part]) + NOISE)
    step = float(np.median(np.diff(times)))
    usual = scipy.ndimage.percentile_filter(level, 30, max(3, round(USUAL_S / step)))
    sudden = np.r_[0.0, np.diff(level)]
    sudden[1:-1] += 0.5 * (level[2:] - level[:-2])
    peaks, _ = scipy.signal.find_peaks(
        np.r_[sudden, 0.0], distance=max(1, round(APART_S / step)), height=0.35
    )
    found = []
    for at in peaks:
        height = level[at : at + max(1, round(APART_S / step))].max()
        height -= max(usual[at], level[max(0, at - 3) : at + 1].min())
        if height >= np.log(RISE):
            began_s = float(times[at] - step)
            found.append(Burst(began_s, float(np.exp(level[at])), 0.35 * height / np.log(RISE)))
    pace = len(found) / max(float(times[-1] - times[0]), 1.0)
    believed = min(1.0, THICK / max(pace, 1e-9))
    return [one._replace(confidence=float(min(1.0, one.confidence) * believed)) for one in found]


def flashes(luma: Floats, times_s: Floats) -> list[Burst]:
    """Instants at which the brightest part of the frame jumps up.

    Args:
        luma: brightness of the bright parts, 0..1, one value a frame.
        times_s: presentation times.
    """
    if len(luma) < 3:
        return []
    jump = np.r_[0.0, np.maximum(np.diff(luma), 0)]
    usual = float(np.median(np.abs(np.diff(luma)))) + 1e-3
    step = float(np.median(np.diff(times_s)))
    height = max(0.03, 8 * usual)
    peaks, _ = scipy.signal.find_peaks(
        np.r_[jump, 0.0], distance=max(1, round(APART_S / step)), height=height
    )
    return [
        Burst(float(times_s[at]), float(jump[at]), float(min(1.0, 0.4 + 2 * jump[at])))
        for at in peaks
    ]
