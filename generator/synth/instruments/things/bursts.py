"""Things that give way at once: popcorn, balloons, skittles, what is crushed."""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow, blows
from foley_designer.generator.synth.physics.contact import click, strike, thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    count_of,
    drift,
    mix_at,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words

_POP = Bands(
    (-26, -16, -9, -2, 0, -3, -7, -12, -20),
    (0.05, 0.05, 0.05, 0.05, 0.045, 0.04, 0.035, 0.03, 0.03),
)
_BALLOON = Bands(
    (-20, -9, -3, 0, -1, -2, -4, -8, -14),
    (0.25, 0.22, 0.18, 0.16, 0.14, 0.12, 0.10, 0.08, 0.06),
)
_PIN = Bands(
    (-34, -22, -10, -3, 0, -2, -6, -12, -22),
    (0.20, 0.18, 0.15, 0.12, 0.10, 0.09, 0.07, 0.06, 0.05),
)
_CRUSHED = {
    "steel": (900, 7500, 0.004),
    "aluminium": (1200, 9000, 0.003),
    "plastic": (500, 6500, 0.0018),
    "cardboard": (250, 4000, 0.0012),
    "wood": (400, 5000, 0.002),
    "bone": (600, 6000, 0.001),
}
"""Lowest and highest resonance of what buckles, and how long it rings."""


class Burst(Rhythmic):
    """One of them."""

    words: ClassVar[Words] = Words(
        variants=("popcorn", "balloon", "bowling", "crush"),
        surfaces=("wood", "metal", "concrete"),
        materials=tuple(_CRUSHED),
    )

    @property
    def interval_s(self) -> float:
        """Popcorn pops several times a second."""
        return 0.22 if self.play.variant == "popcorn" else 1.6

    @property
    def unevenness(self) -> float:
        """Nothing here keeps time."""
        return 0.8 if self.play.variant == "popcorn" else 0.3

    def prepare(self, rng: np.random.Generator) -> None:
        """The pins of a lane."""
        wood = MATERIALS["wood"]._replace(friction=0.02)
        self.pins = [build(wood, 0.4, rng, Shape.BLOCK, 16, damping=2.0) for _ in range(4)]

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """It gives way."""
        variant = self.play.variant
        if variant == "popcorn":
            pop = blow(rng, _POP.tilted(rng.normal(0, 1.5)))
            lid = blow(rng, _POP.tilted(3.0).lasting(2.5))
            out = np.zeros(count_of(0.2))
            mix_at(out, unit_peak(pop), 0, 1.0)
            mix_at(out, unit_peak(lid), count_of(rng.uniform(0.03, 0.09)), rng.uniform(0.0, 0.25))
            return out
        if variant == "balloon":
            wave = blow(rng, _BALLOON.tilted(2.0 * (0.5 - self.play.size)))
            return np.tanh(1.2 * unit_peak(wave))
        return self._skittles(stroke, rng) if variant == "bowling" else self._crush(stroke, rng)

    def _skittles(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """The ball meets the pins, they meet each other, walls and floor."""
        count = count_of(1.5)
        out = np.zeros(count)
        at = np.concatenate([[0.0], rng.gamma(1.4, 0.13, 26)])
        levels = rng.uniform(0.25, 1.0, at.size) * np.exp(-at / 0.6)
        levels[0] = 1.3
        mix_at(out, unit_peak(blows(rng, count, at, levels, _PIN.lasting(1.4))), 0, 0.9)
        for time_s, level in zip(at[:16], levels[:16], strict=True):
            pin = self.pins[int(rng.integers(4))]
            clack = strike(rng, pin, 0.0004, spread=0.2, grain=0.3, longest_s=0.2)
            mix_at(out, unit_peak(clack), count_of(time_s) if time_s else 0, 0.4 * level)
        low = thump(rng, 85.0, 0.3, 0.002)
        mix_at(out, unit_peak(low), 0, 0.4 * (0.5 + stroke.strength))
        return out

    def _crush(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Walls buckle in snaps of all sizes, most at first and at the end."""
        low, high, life = _CRUSHED[self.play.material]
        count = count_of(0.35 + 0.5 * self.play.size)
        effort = arch(count, 0.25, 0.5) * (1 + 0.6 * drift(rng, count, 12.0)).clip(0.08)
        effort[: count_of(0.003)] += 1.0
        at_once = np.zeros(count)
        at_once[:48] = 6.0 * SAMPLE_RATE / 48
        snaps = crush(rng, 500 * effort + at_once, low, high, life, 1.3, effort)
        fine = crush(rng, 2500 * effort, 1.5 * low, 1.3 * high, 0.3 * life, 1.9, effort)
        body = crush(rng, 90 * effort, 0.4 * low, low, 3.0 * life, 1.4, effort)
        mixed = unit_rms(snaps) + 0.45 * unit_rms(fine) + 0.5 * unit_rms(body)
        first = click(rng, 0.0004, low, high)
        mix_at(mixed, unit_peak(first), 0, 0.7 * float(np.abs(mixed).max()))
        return mixed * (0.6 + 0.4 * stroke.strength)
