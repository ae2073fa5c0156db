"""Beat tracking: the steadiest chain of beats through a curve of impact strength.

After Ellis, Beat Tracking by Dynamic Programming (2007): a chain collects strength at its beats
and pays for steps that stray from the period.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_S = 0.01
PERIODS_S = (0.22, 1.6)
"""Shortest and longest time between two beats, unless the caller knows better."""
USUAL_PERIOD_S = 0.6
"""Prior centre of the period: walking, hammering and chopping lie within an octave of it."""
STIFFNESS = 6.0
"""Price of a step that is off by a factor e, in strongest beats."""
FEWEST = 4
"""Beats that tell the period more exactly than autocorrelation does."""
SMOOTHING_S = 0.025


class Rhythm(NamedTuple):
    """A chain of beats."""

    period_s: float
    pulse: float
    """Autocorrelation at the period, about 0 for chance to 1 for a machine."""
    beats: NDArray[np.int64]
    """Positions on the grid."""
    strengths: Floats
    """Smoothed strength at each beat."""


def find_rhythm(
    strength: Floats, periods_s: tuple[float, float] = PERIODS_S, stiffness: float = STIFFNESS
) -> Rhythm | None:
    """The best chain of beats, or None if the curve is too short or flat.

    Args:
        strength: impact strength ≥ 0 on a grid of `STEP_S`, its local peaks near 1.
        periods_s: shortest and longest period.
        stiffness: price of a step that is off by a factor e, in strongest beats.
    """
    curve = scipy.ndimage.gaussian_filter1d(strength, SMOOTHING_S / STEP_S)
    if curve.size < 3 * periods_s[0] / STEP_S or curve.max() <= 0:
        return None
    curve = curve / curve.max()
    period, pulse = _period(curve, periods_s)
    beats = _chain(curve, period, stiffness)
    if len(beats) >= FEWEST:
        period = float(np.polyfit(np.arange(len(beats)), beats, 1, w=curve[beats] + 1e-3)[0])
        beats = _chain(curve, period, stiffness)
    return Rhythm(period * STEP_S, pulse, beats, curve[beats])


def _period(curve: Floats, periods_s: tuple[float, float]) -> tuple[float, float]:
    size = curve.size
    spectrum = np.abs(np.fft.rfft(curve - curve.mean(), 2 * size)) ** 2
    correlation = np.fft.irfft(spectrum)[:size]
    overlap = np.maximum(size - np.arange(size), 0.3 * size) / size
    correlation = correlation / (correlation[0] + 1e-12) / overlap
    lags = np.arange(*(min(round(limit / STEP_S), size - 1) for limit in periods_s))
    prior = np.exp(-0.5 * np.log2(lags * STEP_S / USUAL_PERIOD_S) ** 2)
    best = int(lags[np.argmax(correlation[lags] * prior)])
    return float(best), float(correlation[best])


def _chain(curve: Floats, period: float, stiffness: float) -> NDArray[np.int64]:
    steps = np.arange(max(1, int(period * 0.6)), int(period * 1.55) + 1)
    price = stiffness * np.log(steps / period) ** 2
    total = curve.copy()
    before = np.full(curve.size, -1)
    for at in range(int(steps[0]), curve.size):
        usable = steps[: np.searchsorted(steps, at, "right")]
        gains = total[at - usable] - price[: usable.size]
        best = int(np.argmax(gains))
        if gains[best] > 0:
            total[at] += gains[best]
            before[at] = at - usable[best]
    at = int(np.argmax(total))
    beats = [at]
    while before[at] >= 0:
        at = int(before[at])
        beats.append(at)
    return np.array(beats[::-1], np.int64)
