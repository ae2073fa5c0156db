"""Contacts: instants at which a movement stops or turns back.

A hit is not the fastest picture of a swing: it is where the approach ends at once. Approach and
retreat are read from directional flow histograms, whose sudden fall Davis and Agrawala (2018) call
a visual beat.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import find_peaks

from foley_designer.vision.motion import DIRECTIONS
from foley_designer.vision.rhythm import STEP_S, Rhythm, find_rhythm
from foley_designer.vision.series import Series

Floats = NDArray[np.float64]

REACH_S = 0.08
"""Time over which approach before and retreat after an instant are averaged."""
NEIGHBOURHOOD_S = 3.0
"""Strength is judged against the strongest contact within this time."""
APART_S = 0.15
"""Two contacts of one source are at least this far apart."""
DOWNWARD = np.array([0.3, 1.0, 1.0, 1.0, 0.3, 0.0, 0.0, 0.0])
"""How far a movement towards each direction may end in a hit: most are swung down or fall."""
MIN_PULSE = 0.25
"""Autocorrelation from which a series of contacts counts as rhythmic."""


class Contact(NamedTuple):
    """One instant at which a movement stops or turns back."""

    time_s: float
    strength: float
    """Flow lost, in the units of `Series.flow`."""
    confidence: float
    predicted: bool
    """Whether rhythm alone suggests it."""


def contacts(series: Series) -> list[Contact]:
    """Contacts of one source in time order; rhythm raises and lowers their confidence."""
    if len(series.end_s) < 4:
        return []
    grid = np.arange(series.start_s[0], series.end_s[-1], STEP_S)
    strength = impact_curve(series, grid, DOWNWARD)
    if strength.max(initial=0.0) <= 0:
        return []
    local = maximum_filter1d(strength, round(NEIGHBOURHOOD_S / STEP_S))
    relative = strength / np.maximum(local, 0.15 * strength.max())
    rhythm = find_rhythm(relative)
    if rhythm is not None and rhythm.pulse >= MIN_PULSE and len(rhythm.beats) >= 4:
        return _rhythmic(grid, strength, relative, rhythm)
    return _single(grid, strength, relative)


def impact_curve(series: Series, grid_s: Floats, weights: Floats) -> Floats:
    """Fall of approach and rise of retreat around each instant, over weighted directions."""
    flow = series.sampled(grid_s)
    reach = round(REACH_S / STEP_S)
    index = np.arange(len(grid_s))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach, len(grid_s))
    total = np.vstack([np.zeros(DIRECTIONS), np.cumsum(flow, 0)])
    before, after = (total[index] - total[low]) / reach, (total[high] - total[index]) / reach
    fall = np.maximum(before - after, 0)
    opposite = DIRECTIONS // 2
    net_before, net_after = (flow - np.roll(flow, opposite, 1) for flow in (before, after))
    turn = np.maximum(net_before - net_after, 0)
    return np.asarray(np.sqrt(fall * turn) @ weights)


def _single(grid: Floats, strength: Floats, relative: Floats) -> list[Contact]:
    peaks, _ = find_peaks(relative, distance=round(APART_S / STEP_S), height=0.2)
    return [
        Contact(float(grid[at]), float(strength[at]), float(0.8 * relative[at]), False)
        for at in peaks
    ]


def _rhythmic(grid: Floats, strength: Floats, relative: Floats, rhythm: Rhythm) -> list[Contact]:
    """The beats, moved to the peak they stand by; other peaks keep a low confidence."""
    found = []
    for beat in rhythm.beats:
        near = slice(max(0, beat - 6), beat + 7)
        at = near.start + int(np.argmax(relative[near]))
        seen = float(relative[at])
        confidence = min(1.0, 0.45 + 0.5 * seen + 0.2 * rhythm.pulse)
        found.append(
            Contact(float(grid[at]), float(strength[at]), confidence, predicted=seen < 0.1)
        )
    taken = np.array([one.time_s for one in found])
    for one in _single(grid, strength, relative):
        if np.abs(taken - one.time_s).min() > APART_S:
            found.append(one._replace(confidence=0.5 * one.confidence))
    return sorted(found)
