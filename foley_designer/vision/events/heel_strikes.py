"""Heel strikes: instants at which a foot is farthest ahead of the hip.

After Zeni, Richards and Higginson, Two simple methods for determining gait events during treadmill
and overground walking using kinematic data (2008): the foot's place against the pelvis needs no
ground and no still camera.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FASTEST_S = 0.4
"""Least time between two strikes of one foot."""
SWING = 0.35
"""Share of a foot's whole reach by which it must come forward to strike."""
TRAVELS = 0.08
"""Frame widths that a hip must go to tell the direction of walking by itself."""
SURE = 0.3
"""Mean belief in joints under which they tell nothing."""


class Strike(NamedTuple):
    """One heel strike."""

    time_s: float
    confidence: float
    reach: float
    """How far the foot came forward, frame widths."""
    foot: int
    """0 or 1."""


class Gait(NamedTuple):
    """Joints of one walker through time."""

    times_s: Floats
    feet: Floats
    """``[times, 2]``, horizontal places of both heels or ankles, frame widths."""
    hip: Floats
    """``[times]``, horizontal place of the middle of the hips."""
    belief: Floats
    """``[times]``, mean belief in these joints, 0..1."""


def heel_strikes(gait: Gait) -> list[Strike]:
    """Strikes of both feet in time order, none if the joints are hardly seen.

    Times lie between frames, on the peak of a parabola.
    """
    if len(gait.times_s) < 5 or float(gait.belief.mean()) < SURE:
        return []
    ahead = _forward(gait) * (gait.feet - gait.hip[:, None])
    found: list[Strike] = []
    step = float(np.median(np.diff(gait.times_s)))
    for foot in (0, 1):
        path = ahead[:, foot]
        whole = float(np.ptp(np.percentile(path, (5, 95))))
        peaks, reaches = _peaks(path, SWING * whole, max(1, round(FASTEST_S / step)))
        found += [
            Strike(
                time_s=_between(gait.times_s, path, int(peak)),
                confidence=float(np.clip(gait.belief[peak], 0, 1)),
                reach=float(reach),
                foot=foot,
            )
            for peak, reach in zip(peaks, reaches, strict=True)
        ]
    return sorted(found)


def _peaks(path: Floats, least: float, apart: int) -> tuple[NDArray[np.intp], Floats]:
    """Inner peaks, and how far each stands out; before and after all a foot is taken to be back."""
    low = float(path.min())
    peaks, traits = scipy.signal.find_peaks(
        np.r_[low, path, low], prominence=max(least, 1e-6), distance=apart
    )
    inner = (peaks > 1) & (peaks < len(path))
    return peaks[inner] - 1, traits["prominences"][inner]


def _forward(gait: Gait) -> float:
    """1 for who walks to the right, −1 to the left: where the hip goes, else where feet swing."""
    travel = float(gait.hip[-1] - gait.hip[0])
    if abs(travel) > TRAVELS:
        return float(np.sign(travel))
    speeds = np.diff(gait.feet - gait.hip[:, None], axis=0)
    return 1.0 if float((speeds**3).sum()) >= 0 else -1.0


def _between(times_s: Floats, path: Floats, peak: int) -> float:
    """Time of a parabola's top through a peak and its neighbours, unevenly spaced ones too."""
    near = slice(peak - 1, peak + 2)
    square, linear, _ = np.polyfit(times_s[near] - times_s[peak], path[near], 2)
    shift = -linear / (2 * square) if square < 0 else 0.0
    low, high = (float(times_s[k] - times_s[peak]) for k in (peak - 1, peak + 1))
    return float(times_s[peak] + np.clip(shift, low / 2, high / 2))
