"""The onset model: weighs all evidence into one curve, and reads impacts from its peaks.

Each detector's curve is set against its own strongest value nearby, so that no scale, lens or
amount of movement matters; a few weights, fitted on real film (`benchmarks/seeing/fit_onsets.py`,
card beside the weights), say how far each is believed. A peak counts by how far it stands out,
against the clip's clearest ones: relative, so that few loud blows and many light ones are both
found. Where they repeat, each is also believed for those a period away (`tempo`).
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.evidence.collector import Collected
from foley_designer.vision.evidence.tempo import with_tempo
from foley_designer.vision.evidence.window import Curves

Floats = NDArray[np.float64]

RATE = 60.0
"""Values a second of the common grid."""
CURVE_SMOOTHING, SUM_SMOOTHING = 1.0, 1.5
"""Standard deviations on the grid: 17 ms for each curve, 25 ms for their sum."""
NEARBY_S = 1.0
"""Time before and after in which a curve's strongest value stands for 1."""
SHORTEST_S = 0.08
"""Least time between two impacts: twelve a second."""
CLEAREST = 3
"""Peaks whose mean prominence is the measure for the others."""
AROUND_S = 6.0
"""Time before and after in which the clearest peaks are looked for."""
SPEAKS = 0.6
"""Value from which a curve is named as speaking for an impact."""
LEAD_S = {"flashes": 1 / RATE, "spreads": 1 / RATE}
"""How long curves lead the impacts that they speak for: a jump comes where change grows fastest.
Half the mean lead on the clips that the weights were fitted on."""
HEARD_AFTER_S = 0.015
"""How long after a peak its impact is heard. Peaks agree best with the marks of the clips' own
onsets, within 5 ms before them; those marks lie 19 ms before a sound's attack, as clicks, decaying
noise and tones of known times show that were marked alike."""
UNNORMALISED = frozenset({"beats"})
"""Curves that are beliefs already."""
WEIGHTS = Path(__file__).parent / "weights" / "onsets.json"


class Weights(NamedTuple):
    """What was fitted."""

    curves: dict[str, float]
    """Name of a curve to its weight."""
    tempo: float
    """How much a perfect repetition counts beside the instant itself."""
    standing_out: float
    """Prominence from which a peak is an impact, against the clearest ones."""


class Onset(NamedTuple):
    """One impact."""

    time_s: float
    standing_out: float
    """Prominence against the clearest ones nearby, about 0..1."""
    strength: float
    """How strongly movement ends there, ≥ 0 and of any scale."""
    place: tuple[float, float]
    """Where, 0..1 of width and height."""
    evidence: tuple[str, ...]
    """Curves that speak for it, those of most weight first."""


@cache
def fitted() -> Weights:
    """The weights that come with the program."""
    read = json.loads(WEIGHTS.read_text())
    return Weights(read["curves"], read["tempo"], read["standing_out"])


def on_grid(collected: Collected, tracked: Curves, duration_s: float) -> Curves:
    """All curves on the common grid, each 0..1 of its strongest value nearby.

    Args:
        collected: curves a frame.
        tracked: curves of the followed sources, on the grid already (`grid_s`).
        duration_s: of the clip.
    """
    grid = grid_s(duration_s)
    if not len(collected.time_s):
        return {}
    raw = {
        name: np.interp(grid, collected.time_s, values) for name, values in collected.curves.items()
    }
    return {
        name: values if name in UNNORMALISED else against_nearby(values)
        for name, values in (raw | tracked).items()
    }


def grid_s(duration_s: float) -> Floats:
    """Times of the grid, seconds."""
    return np.arange(round(duration_s * RATE) + 1) / RATE


def against_nearby(values: Floats) -> Floats:
    """A curve above its lowest value, against its highest nearby."""
    smooth = scipy.ndimage.gaussian_filter1d(values, CURVE_SMOOTHING)
    above = smooth - smooth.min()
    return np.asarray(
        above / (scipy.ndimage.maximum_filter1d(above, 2 * round(NEARBY_S * RATE) + 1) + 1e-12)
    )


def summed(curves: Curves, weights: dict[str, float], tempo: float) -> Floats:
    """The weighted sum of all curves that are there, and what its repetitions add."""
    total = sum(weight * curves[name] for name, weight in weights.items() if name in curves)
    smooth = scipy.ndimage.gaussian_filter1d(np.asarray(total, np.float64), SUM_SMOOTHING)
    return with_tempo(smooth, RATE, tempo)


def standing_out(total: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Peaks of the sum, and how far each stands out against the clearest ones nearby."""
    low = float(total.min()) if len(total) else 0.0
    padded = np.r_[low, total, low]
    peaks, _ = scipy.signal.find_peaks(padded, distance=round(SHORTEST_S * RATE))
    prominence = scipy.signal.peak_prominences(padded, peaks)[0]
    times = peaks / RATE
    measure = np.array(
        [np.sort(prominence[np.abs(times - time) <= AROUND_S])[-CLEAREST:].mean() for time in times]
    )
    return peaks - 1, prominence / np.maximum(measure, 1e-12)


def onsets(collected: Collected, tracked: Curves, duration_s: float) -> list[Onset]:
    """All peaks with what they stand out by; those over the fitted value are impacts."""
    curves, weights = on_grid(collected, tracked, duration_s), fitted()
    if not curves:
        return []
    total, grid = summed(curves, weights.curves, weights.tempo), grid_s(duration_s)
    stops = np.interp(grid, collected.time_s, collected.curves["stops"])
    found = []
    for peak, clear in zip(*standing_out(total), strict=True):
        near = slice(max(0, peak - 3), peak + 4)
        frame = int(np.argmin(np.abs(collected.time_s - grid[peak])))
        shares = {
            name: weight * float(curves[name][near].max())
            for name, weight in weights.curves.items()
            if name in curves and curves[name][near].max() >= SPEAKS
        }
        found.append(
            Onset(
                min(_between(total, grid, int(peak)) + HEARD_AFTER_S, duration_s),
                float(clear),
                float(stops[near].max()),
                (float(collected.place[frame, 0]), float(collected.place[frame, 1])),
                tuple(sorted(shares, key=lambda name: -shares[name])),
            )
        )
    return found


def _between(total: Floats, grid: Floats, peak: int) -> float:
    """Time of the top of the parabola through a peak and its neighbours."""
    if not 0 < peak < len(total) - 1:
        return float(grid[peak])
    before, at, after = total[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(grid[peak] + np.clip(shift, -0.5, 0.5) / RATE)
