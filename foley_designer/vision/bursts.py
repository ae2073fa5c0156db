"""Bursts: movement that begins out of rest, and light that jumps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, percentile_filter
from scipy.signal import find_peaks

from foley_designer.vision.motion import FrameMotion

Floats = NDArray[np.float64]

REST_S = 0.35
"""How long before an instant the quietest level is looked for."""
APART_S = 0.2
RISE = 1.6
"""Times the level at rest that change must reach to count as a beginning."""


class Burst(NamedTuple):
    """One beginning."""

    time_s: float
    strength: float
    confidence: float


def beginnings(motions: list[FrameMotion], first: int, last: int) -> list[Burst]:
    """Instants at which movement begins out of relative rest: a mouth opens, a thing starts."""
    part = motions[first + 1 : last]
    if len(part) < 4:
        return []
    times = np.array([motion.time_s for motion in part])
    level = np.log(np.array([motion.change for motion in part]) + 0.2)
    step = float(np.median(np.diff(times)))
    rest = minimum_filter1d(level, max(3, round(REST_S / step)), origin=0)
    floor = percentile_filter(level, 30, max(3, round(2.0 / step)))
    rise = np.r_[0.0, np.diff(level)] + np.r_[0.0, 0.0, level[2:] - level[:-2]] * 0.5
    rise = np.where(level > np.maximum(rest, floor) + np.log(RISE) * 0.5, np.maximum(rise, 0), 0)
    peaks, _ = find_peaks(np.r_[rise, 0.0], distance=max(1, round(APART_S / step)), height=0.35)
    peaks = peaks[peaks < len(part)]
    found = []
    for at in peaks:
        peak = level[at : at + max(1, round(0.2 / step))].max()
        height = peak - max(floor[at], level[max(0, at - 3) : at + 1].min())
        if height < np.log(RISE):
            continue
        confidence = float(np.clip(height / np.log(RISE) * 0.35, 0, 1))
        found.append(Burst(float(times[at] - step), float(np.exp(peak)), confidence))
    return found


def flashes(luma: Floats, times_s: Floats) -> list[Burst]:
    """Instants at which the brightest part of the picture jumps up.

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
    peaks, _ = find_peaks(np.r_[jump, 0.0], distance=max(1, round(APART_S / step)), height=height)
    return [
        Burst(float(times_s[at]), float(jump[at]), float(min(1.0, 0.4 + 2 * jump[at])))
        for at in peaks
    ]
