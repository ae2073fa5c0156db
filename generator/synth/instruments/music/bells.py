"""Bells and gongs: cast, free to ring, struck once or shaken.

Partials of a tuned church bell (hum, prime, tierce, quint, nominal and above) after N. H. Fletcher
and T. D. Rossing, *The Physics of Musical Instruments* (1998), ch. 21; a gong's energy moves up
into its high modes after the blow (ibid., ch. 20).
"""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.modal import ring
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    count_of,
    fade_edges,
    mix_at,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

_CHURCH = np.array([0.5, 1.0, 1.2, 1.5, 2.0, 2.5, 2.67, 3.0, 4.0, 5.33, 6.7, 8.1])
_CHURCH_LEVEL = np.array([0.4, 0.6, 0.9, 0.5, 1.2, 0.6, 0.6, 0.8, 0.7, 0.5, 0.35, 0.25])
_CHURCH_S = 9.0
"""How long a stroke is heard: its hum goes on for half a minute (Fletcher and Rossing, ch. 21)."""
_CUP = np.array([1.0, 2.32, 2.67, 4.25, 5.1, 6.63])
_BLOOM = Bands(
    (-16, -4, -1, 0, -2, -5, -11, -20, -32),
    (3.0, 4.0, 4.0, 3.5, 3.0, 2.2, 1.5, 0.9, 0.5),
    rise_s=0.09,
)


class Bells(Rhythmic):
    """One bell."""

    words: ClassVar[Words] = Words(
        variants=("church_bell", "bicycle_bell", "shop_bell", "gong"),
        surfaces=("plain",),
        materials=("brass", "steel", "iron"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Pitch, and how each partial splits in two."""
        base = {"church_bell": 440.0, "bicycle_bell": 2300.0, "shop_bell": 2700.0, "gong": 92.0}
        self.hz = base[self.play.variant] * 2.0 ** (1.4 * (0.5 - self.play.size))
        self.hz *= float(np.exp(rng.normal(0, 0.08)))
        self.split = 1.0 + np.abs(rng.normal(0, 0.0015, 16))

    @property
    def interval_s(self) -> float:
        """A church bell swings in two to three seconds."""
        return 3.0 - 1.4 * self.play.speed if self.play.variant == "church_bell" else 1.6

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One stroke; a bicycle's and a shop's bell are struck several times for it."""
        variant = self.play.variant
        if variant == "church_bell":
            return self._church(stroke, rng)
        if variant == "gong":
            return self._gong(stroke, rng)
        out = np.zeros(count_of(2.0))
        if variant == "bicycle_bell":
            at = 0.0
            for half in range(2):  # the thumb's push, and the spring that takes it back
                gap_s = rng.uniform(0.022, 0.030)
                for number in range(int(rng.integers(6, 10))):
                    level = 0.9**number * (1.0 - 0.35 * half)
                    mix_at(out, self._cup(rng, 0.9), count_of(at) if at else 0, level)
                    at += gap_s * rng.uniform(0.92, 1.08)
                at += rng.uniform(0.05, 0.09)
            return out
        at, gap_s, level = 0.0, rng.uniform(0.10, 0.16), 1.0
        for _ in range(int(rng.integers(4, 8))):  # a spring that swings
            mix_at(out, self._cup(rng, 1.2), count_of(at) if at else 0, level)
            at += gap_s * rng.uniform(0.8, 1.25)
            level *= rng.uniform(0.55, 0.9)
        return out

    def _cup(self, rng: np.random.Generator, life_s: float) -> Wave:
        levels = np.array([1.0, 0.6, 0.45, 0.4, 0.3, 0.2]) * np.exp(rng.normal(0, 0.25, 6))
        lives = life_s / (1.0 + 0.35 * np.arange(6))
        hz = self.hz * _CUP
        heard = hz < 15_000
        wave = ring(hz[heard], lives[heard], levels[heard], count_of(life_s))
        wave += ring(
            hz[heard] * self.split[:6][heard], lives[heard], 0.7 * levels[heard], wave.size
        )
        return unit_peak(wave)

    def _church(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        hz = self.hz * _CHURCH
        lives = np.array([40, 16, 16, 7, 9, 6, 5.5, 5.0, 3.5, 2.2, 1.5, 1.0])
        levels = _CHURCH_LEVEL * np.exp(rng.normal(0, 0.15, 12))
        levels *= (0.5 + 0.5 * stroke.strength) ** (0.12 * np.arange(12))
        wave = ring(hz, lives, levels, count_of(_CHURCH_S))
        wave += ring(hz * self.split[:12], 0.95 * lives, 0.6 * levels, wave.size)
        clank = Bands(
            (-40, -30, -18, -8, -2, 0, -4, -12, -24),
            (0.3, 0.3, 0.3, 0.3, 0.25, 0.22, 0.18, 0.12, 0.08),
        )
        mix_at(wave, unit_peak(blow(rng, clank)), 0, 0.15 * float(np.abs(wave).max()))
        return fade_edges(wave * attack(wave.size, 0.0008), 0.0, 0.7 * _CHURCH_S)

    def _gong(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        count = count_of(4.5)
        hz = self.hz * np.cumprod(np.r_[1.0, np.exp(rng.uniform(0.05, 0.16, 35))])
        octaves = np.log2(hz / self.hz)
        lives = 7.0 / (1.0 + 0.3 * octaves)
        levels = np.exp(rng.normal(0, 0.45, hz.size)) * 10.0 ** (-0.1 * octaves)
        wave = ring(hz, lives, levels, count)
        wave += ring(hz * rng.normal(1.0, 0.02, hz.size), lives, levels, count)
        bloom = blow(rng, _BLOOM.tilted(1.5 * (stroke.strength - 0.5)), 4.0)
        mix_at(wave, unit_peak(bloom), 0, 0.06 * float(np.abs(wave).max()))
        return wave * attack(count, 0.003)
