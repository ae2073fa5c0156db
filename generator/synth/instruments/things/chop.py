"""Blades: a knife through a vegetable onto its board, an axe into a log, a cleaver into meat."""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.contact import click, contact_s, strike, thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    mix_at,
    noise,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

_CRUNCH: dict[str, tuple[float, float, float]] = {
    "vegetable": (700, 6500, 0.55),
    "cabbage": (900, 8500, 0.85),
    "meat": (250, 1800, 0.5),
    "bread": (1200, 9000, 0.7),
    "wood": (700, 12_000, 0.45),
}
"""What is cut: lowest and highest resonance of its fibres, and their level."""


_LOG = Bands(
    (-30, -16, -8, -1, 0, -7, -11, -13, -23),
    (0.30, 0.20, 0.17, 0.15, 0.11, 0.11, 0.11, 0.14, 0.14),
)
"""An axe in wood (median of eight)."""
_BOARD = Bands(
    (-36, -20, -7, 0, -2, -6, -9, -13, -22),
    (0.20, 0.16, 0.12, 0.10, 0.08, 0.07, 0.06, 0.06, 0.06),
)
"""A knife through to its board: lighter and shorter."""


class Chop(Rhythmic):
    """The blade arrives on the board at the hit.

    In life the fibres part a moment earlier, but nothing sounds before a cue: both begin together.
    """

    words: ClassVar[Words] = Words(
        variants=("knife", "axe", "cleaver"),
        surfaces=("wood", "plastic", "stone"),
        materials=tuple(_CRUNCH),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One blade and one board or log."""
        axe = self.play.variant == "axe"
        board = MATERIALS[self.play.surface]
        size = float(np.clip(self.play.size + (0.32 if axe else 0.12), 0, 1))
        shape = Shape.BLOCK if axe else Shape.PLATE
        self.board = build(
            board._replace(friction=0.03), size, rng, shape, 22, damping=4.5 if axe else 1.6
        )
        self.blade = build(MATERIALS["steel"], 0.42, rng, Shape.PLATE, 14, damping=5.0)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One cut."""
        variant, force = self.play.variant, 0.3 + 0.7 * stroke.strength
        axe = variant == "axe"
        duration = contact_s(0.62, force, 0.75 if axe else 0.4)
        wave = strike(rng, self.board, duration, spread=0.14, grain=0.5, longest_s=0.7)
        out = np.zeros(count_of(0.9))
        mix_at(out, unit_peak(wave), 0, 0.35)
        wide = (_LOG if axe else _BOARD).tilted(2.0 * (stroke.strength - 0.6))
        mix_at(out, unit_peak(blow(rng, wide)), 0, 1.0)
        hz = (140.0 if axe else 215.0) * rng.normal(1.0, 0.05)
        mix_at(
            out,
            unit_peak(thump(rng, hz, 0.11 if axe else 0.09, 0.0015)),
            0,
            (0.45 if axe else 0.2) + 0.1 * force,
        )
        mix_at(
            out,
            unit_peak(click(rng, duration, 900, 9000)),
            0,
            0.10 + 0.35 * stroke.strength,
        )
        steel = strike(rng, self.blade, 0.0003, spread=0.2, grain=0.1, longest_s=0.35)
        mix_at(out, unit_peak(steel), 0, 0.16 if variant == "cleaver" else 0.09)
        mix_at(out, self._fibres(rng, force), 0)
        if axe and stroke.strength > 0.85:
            self._splinter(out, rng)
        return out

    def _fibres(self, rng: np.random.Generator, force: float) -> Wave:
        """What is cut gives way around the arrival of the blade."""
        low, high, level = _CRUNCH["wood" if self.play.variant == "axe" else self.play.material]
        count = count_of(0.2)
        rate = 1700 * burst(count, 0.001, 0.18)
        fibres = crush(rng, rate, low, high, 0.0010, 1.8, burst(count, 0.0005, 0.22))
        wash = bandpass(noise(rng, count), low, high) * burst(count, 0.001, 0.11)
        return level * force * (unit_peak(fibres) + 0.35 * unit_peak(wash))

    def _splinter(self, out: Wave, rng: np.random.Generator) -> None:
        """Halves of a log fall away."""
        at = rng.uniform(0.12, 0.2)
        for level in (0.3, 0.18):
            half = strike(rng, self.board, 0.0012, spread=0.25, grain=0.4, longest_s=0.25)
            mix_at(out, unit_peak(half), count_of(at), level)
            at += rng.uniform(0.06, 0.16)
