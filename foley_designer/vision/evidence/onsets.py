"""The onset model: sums all evidence into one curve, and reads impacts from its peaks.

Each detector's curve is set against its own strongest value nearby, so that no scale, lens or
amount of movement matters. All count alike: weights that were fitted did worse on clips left out
of the fit (ADR 47), as unit weights often do better than fitted ones (Dawes, The Robust Beauty of
Improper Linear Models, 1979). A peak counts by how far it stands out, against the clip's clearest
ones: relative, so that few loud blows and many light ones are both found. Where they repeat, each
is also believed for those a period away (`tempo`). How much that counts and how far a peak must
stand out were chosen on real film (`benchmarks/seeing/fit_onsets.py`, card beside them).
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
BESIDE = 3
"""Samples beside a peak, 50 ms, in which curves speak for it and its own time is looked for."""
HEARD_AFTER_S = 0.015
"""How long after a peak its impact is heard. Peaks agree best with the marks of the clips' own
onsets, within 5 ms before them; those marks lie 19 ms before a sound's attack, as clicks, decaying
noise and tones of known times show that were marked alike."""
UNNORMALISED = frozenset({"beats"})
"""Curves that are beliefs already."""
CHOSEN = Path(__file__).parent / "weights" / "onsets.json"


class Reading(NamedTuple):
    """How impacts are read from the sum; chosen on real film."""

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
    """Curves that speak for it, the clearest first."""


@cache
def chosen() -> Reading:
    """The reading that comes with the program."""
    read = json.loads(CHOSEN.read_text())
    return Reading(read["tempo"], read["standing_out"])


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


def summed(curves: Curves, tempo: float) -> Floats:
    """The sum of all curves, with what repetitions add.

    A curve that repeats speaks for its own next beat, whatever the others do; the sum for that of
    all of them.
    """
    total = np.zeros(len(next(iter(curves.values()), ())))
    for name in sorted(curves):
        smooth = scipy.ndimage.gaussian_filter1d(curves[name], SUM_SMOOTHING)
        total += with_tempo(smooth, RATE, tempo)
    return with_tempo(total, RATE, tempo)


def settled(peak: int, plain: Floats) -> int:
    """Where the evidence itself is clearest beside a peak of the sum with its repetitions.

    Repetition says whether something hits, not when: of uneven blows it would pull each towards
    its even place.

    Args:
        peak: place in the sum.
        plain: the sum without repetitions.
    """
    first = max(0, peak - BESIDE)
    at = first + int(plain[first : peak + BESIDE + 1].argmax())
    inner = 0 < at < len(plain) - 1 and plain[at] >= max(plain[at - 1], plain[at + 1])
    return at if inner else peak


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
    """All peaks with what they stand out by; those over the chosen value are impacts."""
    curves = on_grid(collected, tracked, duration_s)
    if not curves:
        return []
    total, grid = summed(curves, chosen().tempo), grid_s(duration_s)
    plain = summed(curves, 0.0)
    stops = np.interp(grid, collected.time_s, collected.curves["stops"])
    found = []
    for peak, clear in zip(*standing_out(total), strict=True):
        at = settled(int(peak), plain)
        near = slice(max(0, peak - BESIDE), peak + BESIDE + 1)
        frame = int(np.argmin(np.abs(collected.time_s - grid[peak])))
        clearness = {name: float(values[near].max()) for name, values in curves.items()}
        speaking = [name for name, value in clearness.items() if value >= SPEAKS]
        found.append(
            Onset(
                min(_between(plain, grid, at) + HEARD_AFTER_S, duration_s),
                float(clear),
                float(stops[near].max()),
                (float(collected.place[frame, 0]), float(collected.place[frame, 1])),
                tuple(sorted(speaking, key=lambda name: (-clearness[name], name))),
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
