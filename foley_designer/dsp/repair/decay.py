"""Reverberation time of a recording without its impulse response, from sounds that stop.

After each loud onset the level falls; where it falls in a straight line over enough range, the
slope is the room's, or that of the sound itself where it rings longer. It can't read less than the
sound's own decay: about 0.35 s for footsteps.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.effects.filters import SectionFilter
from foley_designer.dsp.level.gains import Samples, power_db

_HOP = SAMPLE_RATE // 100
"""Level steps of 10 ms."""
_RISE_DB, _START_DB, _END_DB, _FLOOR_DB = 12.0, 8.0, 33.0, 6.0
_LEAST_STEPS = 8
_LEAST_RANGE_DB = 12.0
_LEAST_FIT = 0.9


class Decay(NamedTuple):
    """Reverberation time and how far to believe it."""

    rt60_s: float | None
    confidence: float
    """0..1, from how many decays were found and how well they agree."""


class DecayMeter:
    """Collects the level of a signal that comes in blocks and fits its decays at the end."""

    def __init__(self, channels: int) -> None:
        band = signal.butter(4, (500.0, 4000.0), "bandpass", fs=SAMPLE_RATE, output="sos")
        self._filter = SectionFilter(band, channels)
        self._rest = np.zeros(0)
        self._levels: list[NDArray[np.float64]] = []

    def push(self, block: Samples) -> None:
        """Take the next ``[channels, m]`` samples."""
        power = np.concatenate([self._rest, np.square(self._filter(block)).sum(axis=0)])
        whole = len(power) // _HOP * _HOP
        self._levels.append(power[:whole].reshape(-1, _HOP).mean(axis=1))
        self._rest = power[whole:]

    def result(self) -> Decay:
        """The median of all straight decays."""
        level = power_db(np.concatenate([*self._levels, np.zeros(0)]))
        times = np.array([time for time in _decays(level) if time is not None])
        if not len(times):
            return Decay(None, 0.0)
        median = float(np.median(times))
        spread = float(np.median(np.abs(times - median))) / median
        agreement = max(0.0, 1.0 - 2.0 * spread)
        return Decay(median, agreement * len(times) / (len(times) + 2.0))


def _decays(level: NDArray[np.float64]) -> list[float | None]:
    """Reverberation time by each decay between onsets, in s; None if it isn't straight."""
    if len(level) < _LEAST_STEPS:
        return []
    floor = float(np.percentile(level, 3))
    padded = np.concatenate([[level.min() - 60.0], level])
    onsets = signal.find_peaks(padded, prominence=_RISE_DB, distance=20)[0] - 1
    return [_slope(level[a:b], floor) for a, b in pairwise([*onsets, len(level)])]


def _slope(segment: NDArray[np.float64], floor: float) -> float | None:
    falling = segment[: int(np.argmin(segment)) + 1]
    low = max(segment[0] - _END_DB, floor + _FLOOR_DB)
    steps = np.flatnonzero((falling < segment[0] - _START_DB) & (falling > low))
    if len(steps) < _LEAST_STEPS or np.ptp(falling[steps]) < _LEAST_RANGE_DB:
        return None
    slope, offset = np.polyfit(steps, falling[steps], 1)
    error = falling[steps] - (slope * steps + offset)
    if slope >= 0 or 1.0 - error.var() / falling[steps].var() < _LEAST_FIT:
        return None
    return float(-60.0 / slope * _HOP / SAMPLE_RATE)
