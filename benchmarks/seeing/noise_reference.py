"""A reference that is no recording: noise when and where a drawn or simulated source sounds.

A ceiling for time and place, and none for how things sound.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.placement import channel_gains, time_difference_s

Interval = tuple[float, float]
HIT_S = 0.12
"""How long a hit sounds; it decays to 1/e in a sixth of it."""
LEVEL = 0.1


class Sounding(NamedTuple):
    """One source."""

    onsets_s: tuple[float, ...]
    spans_s: tuple[Interval, ...]
    """When it sounds without hits."""
    azimuth_deg: tuple[float, ...]
    """Evenly over the clip."""

    def intervals(self, seconds: float) -> list[Interval]:
        """When it sounds."""
        hits = [(time, min(time + HIT_S, seconds)) for time in self.onsets_s if time < seconds]
        spans = [(start, min(end, seconds)) for start, end in self.spans_s if start < seconds]
        return hits + spans


def reference(sources: Sequence[Sounding], seconds: float, seed: int) -> np.ndarray:
    """The sources' noises, placed with delay and level and added, ``[2, n]`` at 48 kHz."""
    rng = np.random.default_rng(seed)
    placed = [_placed(source, seconds, rng) for source in sources]
    return np.sum(placed, axis=0, dtype=np.float64).astype(np.float32)


def _placed(source: Sounding, seconds: float, rng: np.random.Generator) -> np.ndarray:
    count = round(seconds * SAMPLE_RATE)
    times = np.arange(count)
    envelope = np.zeros(count)
    for start, end in source.spans_s:
        envelope[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = 1.0
    for start in source.onsets_s:
        at = round(start * SAMPLE_RATE)
        decay = np.exp(-np.arange(max(count - at, 0)) / (HIT_S / 6 * SAMPLE_RATE))
        envelope[at:] = np.maximum(envelope[at:], decay)
    noise = rng.standard_normal(count) * envelope * LEVEL
    places = np.linspace(0.0, seconds, len(source.azimuth_deg))
    azimuth = np.interp(times / SAMPLE_RATE, places, source.azimuth_deg)
    half = time_difference_s(azimuth) / 2.0 * SAMPLE_RATE
    return np.array(
        [
            gain * np.interp(times + side * half, times, noise)
            for gain, side in zip(channel_gains(azimuth), (1.0, -1.0), strict=True)
        ]
    )


def joined(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """Intervals in order that don't overlap."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return tuple(found)
