"""Tempo: where a movement repeats, each instant is also believed for what lies a period away.

The period is the lag of the highest peak of the curve's own autocorrelation (as in beat tracking:
Ellis, Beat Tracking by Dynamic Programming, 2007), read anew in overlapping windows, so that a
tempo may change. How clear that peak is says how much the neighbours count: if nothing repeats,
nothing changes.
"""

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WINDOW_S = 6.0
"""Length of a window; they overlap by half. Longer ones miss changes of tempo, shorter ones tell a
period less surely. Compared on the five folds (docs/benchmarks.md, "When real film hits")."""
SHORTEST_S, LONGEST_S = 0.08, 1.5
"""Bounds of a period: twelve a second, and two in three seconds."""
LEAST_S = 1.0
"""Film under which there is no telling a tempo."""


def with_tempo(total: Floats, rate: float, weight: float) -> Floats:
    """A curve with what its repetitions add.

    Args:
        total: values on an even grid.
        rate: of the grid, 1 / s.
        weight: of a perfect repetition against the instant itself; 0 changes nothing.
    """
    if not weight:
        return total
    half = round(WINDOW_S * rate / 2)
    added, shares = np.zeros(len(total)), np.full(len(total), 1e-9)
    bell = np.hanning(2 * half + 2)[1:-1]
    for centre in range(0, len(total) + half, half):
        first, last = max(0, centre - half), min(len(total), centre + half)
        if last - first < LEAST_S * rate:
            continue
        share = bell[first - centre + half : last - centre + half]
        added[first:last] += share * _repeated(total[first:last], rate)
        shares[first:last] += share
    return np.asarray(total + weight * added / shares)


def _repeated(part: Floats, rate: float) -> Floats:
    """Mean of the values one period before and after, times how clear the period is."""
    longest = min(round(LONGEST_S * rate), len(part) // 2)
    lag, clear = _period(part - part.mean(), round(SHORTEST_S * rate), longest)
    if not lag:
        return np.zeros(len(part))
    edge = np.full(lag, part.mean())
    return np.asarray(clear * (np.r_[part[lag:], edge] + np.r_[edge, part[:-lag]]) / 2)


def _period(part: Floats, shortest: int, longest: int) -> tuple[int, float]:
    """Lag and height of the highest peak of the autocorrelation; 0 and 0 if it has none."""
    alike = np.correlate(part, part, "full")[len(part) - 1 :]
    alike = alike[:longest] / (alike[0] + 1e-12)
    peaks = scipy.signal.find_peaks(alike)[0]
    peaks = peaks[peaks >= shortest]
    if not len(peaks):
        return 0, 0.0
    lag = int(peaks[alike[peaks].argmax()])
    return lag, max(float(alike[lag]), 0.0)
