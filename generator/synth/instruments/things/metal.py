"""Metal that is struck: rails, sheets, hammers on anvils, swords, chains, cans."""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow, blows
from foley_designer.generator.synth.physics.contact import contact_s, strike, thump
from foley_designer.generator.synth.physics.filling import filled, lasting
from foley_designer.generator.synth.physics.modal import MATERIALS, Body, Shape, build, doubled
from foley_designer.generator.synth.physics.signals import Wave, count_of, mix_at, unit_peak
from foley_designer.generator.synth.words import Words


class _Thing(NamedTuple):
    """How a metal thing is built, held and struck."""

    shape: Shape
    modes: int
    size: float
    """Offset to the size that is told."""
    damping: float
    striker: float
    """Hardness of what strikes it."""
    bed: float
    """Thump of what carries it."""
    dense: float = 0.9
    """Level of its many modes against those that stand out."""
    clang: float = 0.0
    """Level of all that rattles along: what it hangs on, and the room."""


_CLANG = Bands(
    (-26, -14, -12, -9, -4, 0, -4, -14, -20),
    (0.27, 0.20, 0.20, 0.22, 0.30, 0.32, 0.34, 0.36, 0.36),
)
"""Metal that is struck, with all that it touches (median of twelve)."""
_RATTLE = Bands(
    (-25, -18, -11, -10, -14, -9, 0, -7, -15),
    (0.10, 0.09, 0.08, 0.07, 0.06, 0.06, 0.06, 0.05, 0.04),
)
"""Links that lie on one another, too many to be told apart: after a recording of a gate's chain."""
_THINGS: dict[str, _Thing] = {
    "hit": _Thing(Shape.PLATE, 64, 0.06, 1.6, 0.9, 0.4, 0.5, 0.4),
    "hammer": _Thing(Shape.BLOCK, 56, -0.18, 3.2, 1.0, 0.7, 0.6),
    "rail": _Thing(Shape.PLATE, 130, 0.25, 1.5, 0.9, 0.2, 0.4, 0.4),
    "sheet": _Thing(Shape.PLATE, 90, 0.22, 1.6, 0.7, 0.4, 1.6, 0.9),
    "pipe": _Thing(Shape.BAR, 10, -0.05, 1.2, 0.85, 0.1, 0.35, 0.8),
    "sword": _Thing(Shape.BAR, 10, -0.12, 1.0, 1.0, 0.0, 0.5),
    "pan": _Thing(Shape.SHELL, 13, -0.02, 2.5, 0.9, 0.25, 0.7),
    "can": _Thing(Shape.PLATE, 26, -0.12, 14.0, 0.8, 0.2, 1.3),
    "bell": _Thing(Shape.SHELL, 13, -0.1, 0.6, 0.95, 0.0, 0.0),
    "chain": _Thing(Shape.BAR, 6, -0.3, 12.0, 1.0, 0.0),
}


class MetalImpact(Rhythmic):
    """One metal thing; many modes in near pairs, long when free and short when held."""

    words: ClassVar[Words] = Words(
        variants=tuple(_THINGS),
        surfaces=("plain", "wood", "concrete", "metal", "carpet", "grass", "dirt", "snow"),
        materials=("steel", "brass", "aluminium", "iron"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """The thing, or the links of a chain."""
        thing = _THINGS[self.play.variant]
        material = MATERIALS[self.play.material]
        size = float(np.clip(self.play.size + thing.size, 0.0, 1.0))
        self.thing, self.material = thing, material
        built = [
            doubled(
                build(material, size, rng, thing.shape, thing.modes, damping=thing.damping), rng
            )
            for _ in range(9 if self.play.variant == "chain" else 1)
        ]
        self.soft_bed = self.play.surface in ("carpet", "grass", "dirt", "snow")
        inside = self.play.fullness, self.play.liquid
        self.bodies: list[Body] = [filled(body, *inside) for body in built]
        self.lasting = lasting(*inside)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One blow; a chain's links follow one another."""
        if self.play.variant == "chain":
            return self._links(stroke, rng)
        thing = self.thing
        hardness = min(thing.striker, self.material.hardness) * (0.55 if self.soft_bed else 1.0)
        duration = contact_s(hardness, stroke.strength, 0.4 + 0.3 * self.play.size)
        wave = strike(
            rng, self.bodies[0], duration, spread=0.12, grain=0.25, dense=thing.dense,
            longest_s=4.0,
        )  # fmt: skip
        out = np.zeros(wave.size + count_of(0.2))
        mix_at(out, unit_peak(wave), 0)
        if thing.clang > 0:
            around = _CLANG.tilted(2.0 * (0.5 - self.play.size) + rng.normal(0, 0.3))
            rattle = blow(rng, around.lasting(self.lasting))
            mix_at(out, unit_peak(rattle), 0, thing.clang)
        if thing.bed > 0:
            bed = thump(rng, 125.0 * 2.0 ** (0.5 - self.play.size), 0.12, 0.001)
            mix_at(out, unit_peak(bed), 0, 0.5 * thing.bed * (0.4 + 0.6 * stroke.strength))
        if stroke.strength > 0.35 and self.play.variant in ("hammer", "hit", "pan"):
            chatter = strike(rng, self.bodies[0], duration, spread=0.2, grain=0.6, longest_s=0.4)
            mix_at(out, unit_peak(chatter), count_of(rng.uniform(0.03, 0.07)), 0.12)
        return out

    def _links(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """The first link at once, the others as the chain settles."""
        out = np.zeros(count_of(1.0))
        count = 10 + int(24 * stroke.strength)
        delays = np.concatenate([[0.0], np.sort(rng.exponential(0.14, count))])
        levels = np.exp(-delays / 0.25) * rng.uniform(0.2, 1.0, delays.size)
        for number, delay in enumerate(delays):
            body = self.bodies[int(rng.integers(len(self.bodies)))]
            link = strike(rng, body, 0.00016, spread=0.25, grain=0.5, longest_s=0.25)
            level = 1.0 if number == 0 else float(levels[number])
            mix_at(out, unit_peak(link), round(delay * SAMPLE_RATE), level)
        pile = unit_peak(blows(rng, out.size, delays, levels, _RATTLE))
        return unit_peak(out) + 0.8 * pile
