"""Thunder: N-waves from every stretch of a crooked channel, each by its own distance.

A. A. Few, *Power Spectrum of Thunder* (J. Geophys. Res. 74, 1969) and H. S. Ribner and D. Roy,
*Acoustics of Thunder: A Quasilinear Model for Tortuous Lightning* (JASA 72(6), 1982): the channel
is a string of short line sources; pulses of stretches that lie broadside add up to claps, those
along the line of sight to rumble; air takes the highs with distance.
"""

from typing import ClassVar

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    bandpass,
    burst,
    count_of,
    decay,
    drift,
    lowpass,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import paint, rise, slope
from foley_designer.generator.synth.words import Words

_SOUND_M_S = 343.0
_DISTANCES_M = {"clap": 350.0, "roll": 1800.0, "distant": 5000.0}
_STEP_M = 9.0
"""Length of a straight stretch of the channel."""


def channel_paths(rng: np.random.Generator, distance_m: float) -> tuple[Wave, Wave]:
    """Distances and strengths of the stretches of a lightning channel with branches."""
    ranges, strengths = [], []
    trunk = _walk(rng, np.array([distance_m, 0.0, 1.0]), np.array([0.0, 0.0, 1.0]), 420)
    branches = [(trunk, 1.0)]
    for _ in range(int(rng.integers(2, 5))):
        root = trunk[int(rng.integers(60, 380))]
        heading = np.array([rng.normal(0, 1), rng.normal(0, 1), -0.4])
        branches.append((_walk(rng, root, heading, int(rng.integers(40, 160))), 0.4))
    for path, level in branches:
        middle = 0.5 * (path[1:] + path[:-1])
        reach = np.linalg.norm(middle, axis=1)
        along = np.abs(np.sum(np.diff(path, axis=0) * middle, axis=1)) / (reach * _STEP_M)
        ranges.append(reach)
        strengths.append(level * (1.05 - along) ** 1.5 / reach)
    return np.concatenate(ranges), np.concatenate(strengths)


def _walk(rng: np.random.Generator, start: Wave, heading: Wave, steps: int) -> Wave:
    """A crooked path: small turns at every step, large ones every hundred metres."""
    small = rng.normal(0, 0.55, (steps, 3))
    large = np.repeat(rng.normal(0, 0.7, (steps // 12 + 1, 3)), 12, axis=0)[:steps]
    course = heading / np.linalg.norm(heading) + small + large
    course /= np.linalg.norm(course, axis=1, keepdims=True)
    path: Wave = np.concatenate([start[None], start + _STEP_M * np.cumsum(course, axis=0)])
    return path


def n_wave(seconds: float) -> Wave:
    """A shock, an expansion and a second shock."""
    count = count_of(seconds)
    wave = np.linspace(1.0, -1.0, count)
    return np.concatenate([wave, np.linspace(-1.0, 0.0, max(count // 8, 2))])


class Thunder(Sustained):
    """One storm. Hits are strokes; stretches are rolling between them."""

    words: ClassVar[Words] = Words(
        variants=tuple(_DISTANCES_M), surfaces=("plain",), materials=("air",)
    )

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One stroke from its first arrival to the last echo."""
        distance = _DISTANCES_M[self.play.variant] * float(np.exp(rng.normal(0, 0.15)))
        distance *= 2.0 ** (1.2 * (0.5 - self.play.size))
        ranges, strengths = channel_paths(rng, distance)
        delays = (ranges - ranges.min()) / _SOUND_M_S
        count = count_of(float(min(delays.max(), 9.0)) + 3.0)
        heard = delays * SAMPLE_RATE < count
        places = (delays[heard] * SAMPLE_RATE).astype(np.int64)
        weights = strengths[heard] / strengths.max()
        weights *= np.exp(rng.normal(0, 0.5, weights.size)) * rng.choice([1.0, 0.75], weights.size)
        train = np.bincount(places, weights=weights, minlength=count).astype(np.float64)[:count]
        wave = unit_peak(
            scipy.signal.fftconvolve(train, n_wave(0.004 + 0.0000035 * distance))[:count]
        )
        wave = self._far(wave, distance, rng)
        wave = unit_peak(wave) + 0.55 * self._echoes(rng, train)
        self._front(wave, rng, distance, stroke.strength)
        return wave * decay(count, 14.0)

    def _far(self, wave: Wave, distance: float, rng: np.random.Generator) -> Wave:
        """Air absorbs highs (ISO 9613-1, roughly f² times distance); turbulence roughens."""
        corner = float(np.clip(2600.0 * np.sqrt(500.0 / distance), 160, 6000))
        rough = wave * (1 + 0.4 * lowpass(noise(rng, wave.size), 180.0, 1) * 8)
        return lowpass(rough, corner, 1)

    def _echoes(self, rng: np.random.Generator, train: Wave) -> Wave:
        """Hills and clouds return it: noise that follows the smoothed strokes, and falls."""
        count = train.size
        smooth = decay(count_of(3.0), 3.2) * attack(count_of(3.0), 0.15)
        energy = scipy.signal.fftconvolve(train, smooth)[:count]
        energy = energy / max(float(energy.max()), 1e-9)
        surge = np.exp(0.6 * drift(rng, count, 1.6))

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, count - 1)
            level = (energy * surge)[at][:, None]
            corner = np.clip(60 + 90 * level, 40, 260)
            painted: Wave = slope(frequencies, corner, 1.5) * rise(frequencies, 28.0, 1.0) * level
            return painted

        return unit_peak(paint(rng, 1, count, colour, 4096)[0] * attack(count, 0.03))

    def _front(
        self, wave: Wave, rng: np.random.Generator, distance: float, strength: float
    ) -> None:
        """The first arrival: a tearing crack when near, a single soft shock when far."""
        near = float(np.clip(600.0 / distance, 0.0, 1.0))
        length = (0.006 + 0.012 * (1 - near)) * float(np.exp(rng.normal(0, 0.25)))
        shock = lowpass(n_wave(length), 250 + 6000 * near, 1)
        mix_at(wave, unit_peak(shock), 0, 0.55 + 0.4 * near)
        if near > 0.3:
            count = count_of(0.5)
            tear = bandpass(noise(rng, count), 700, 9000) * burst(count, 0.0006, 0.35)
            tear *= np.abs(drift(rng, count, 90.0)) + 0.15
            mix_at(wave, unit_peak(tear), 0, 0.9 * near * (0.5 + 0.5 * strength))

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Rolling without a stroke."""
        count = stretch.count
        swell = np.exp(0.9 * drift(rng, count, 0.5) + 0.4 * drift(rng, count, 3.0))
        if count < 6 * SAMPLE_RATE:
            swell = swell * arch(count, 0.25, 0.6)

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, count - 1)
            level = swell[at][:, None]
            corner = 55 + 60 * np.clip(level, 0, 3)
            painted: Wave = slope(frequencies, corner, 1.5) * rise(frequencies, 28.0, 1.0) * level
            return painted

        return unit_rms(paint(rng, stretch.channels, count, colour, 4096))
