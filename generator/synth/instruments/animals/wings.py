"""Insects that fly: a tone at the rate of their wings, with many harmonics, that swings past.

A housefly beats its wings about 200 times a second, a bee 230, a mosquito 400 to 700
(O. Sotavalta, J. Acoust. Soc. Am. 34, 1962, and Farnell, *Designing Sound*, ch. 51). Each stroke
is a pulse of air, so harmonics reach to 5 kHz; in a recorded mosquito the octaves from 250 Hz to
2 kHz lie within 10 dB. It flies loops of a second or so, near and far, and lands now and then.
"""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    drift,
    fade_edges,
    mix_at,
    noise,
    unit_rms,
)
from foley_designer.generator.synth.words import Words

_HIGHEST_HZ = 7000.0


class Wings(Sustained):
    """One insect."""

    words: ClassVar[Words] = Words(variants=("fly",), surfaces=("plain",), materials=("plain",))

    def prepare(self, rng: np.random.Generator) -> None:
        """Its wings: the smaller the faster."""
        self.hz = 215.0 * 2.0 ** (2.4 * (0.05 - self.play.size)) * float(np.exp(rng.normal(0, 0.1)))
        self.hz *= 2.0 ** (0.3 * (self.play.speed - 0.5))
        count = int(_HIGHEST_HZ / self.hz)
        order = np.arange(1, count + 1)
        hz = order * self.hz
        heard = 1.0 / np.sqrt((1.0 + (600.0 / hz) ** 2) * (1.0 + (hz / 2600.0) ** 4))
        self.levels = heard * np.exp(rng.normal(0, 0.4, count))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """It takes off and is gone."""
        count = count_of(0.7)
        gone = burst(count, 0.003, 0.9) * (0.4 + 0.6 * stroke.strength)
        flown: Wave = self._flown(rng, count, near=np.ones(count)) * gone
        return flown

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It flies about, and rests between."""
        out = np.zeros(stretch.count)
        at = 0
        while at < stretch.count:
            count = min(count_of(rng.uniform(1.5, 5.0)), stretch.count - at)
            mix_at(out, fade_edges(self._flown(rng, count), 0.06, 0.05), at)
            at += count + count_of(rng.uniform(0.1, 0.8) * (1.5 - self.play.speed))
        return np.repeat(out[None], stretch.channels, axis=0)

    def _flown(self, rng: np.random.Generator, count: int, near: Wave | None = None) -> Wave:
        """One flight: pitch bends with effort and with its way to and from the ear."""
        if near is None:
            near = np.clip(0.5 + 0.5 * drift(rng, count, 1.6), 0.06, 1.5)
        effort = 0.06 * drift(rng, count, 1.3) + 0.015 * drift(rng, count, 9.0)
        cycles = np.cumsum(self.hz * (1.0 + effort)) / SAMPLE_RATE
        uneven = 1.0 + 0.25 * drift(rng, count, 60.0)
        stroke = np.exp(2j * np.pi * cycles).astype(np.complex64)
        harmonic = np.ones_like(stroke)
        groups = np.zeros((5, count), np.float32)
        for order, level in enumerate(self.levels, start=1):
            harmonic *= stroke
            phase = 0.7 * order**2
            groups[order % 5] += np.float32(level * np.cos(phase)) * harmonic.imag
            groups[order % 5] += np.float32(level * np.sin(phase)) * harmonic.real
        out = np.zeros(count)
        for group in groups:
            out += group * np.clip(1.0 + 0.3 * drift(rng, count, 7.0), 0.1, 2.0)
        air = bandpass(noise(rng, count), 400.0, 5000.0)
        return (unit_rms(out * uneven) + 0.12 * air) * near
