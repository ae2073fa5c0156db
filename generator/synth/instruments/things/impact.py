"""Objects that meet: wood, plastic, stone, ceramic, rubber and the rest."""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import OCTAVES_HZ, Bands, blow
from foley_designer.generator.synth.physics.contact import (
    brightness,
    contact_s,
    pulse,
    strike,
    thump,
)
from foley_designer.generator.synth.physics.filling import filled, lasting
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    count_of,
    decay,
    mix_at,
    noise,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

_SHAPES: dict[str, Shape] = {
    "hit": Shape.PLATE,
    "drop": Shape.BLOCK,
    "stick": Shape.BAR,
    "box": Shape.BOX,
    "ball": Shape.BLOCK,
    "hammer": Shape.BLOCK,
}


_BOUNCE = Bands(
    (-12, -2, 0, -5, -9, -13, -18, -26, -38),
    (0.20, 0.17, 0.14, 0.11, 0.09, 0.08, 0.07, 0.06, 0.06),
    rise_s=0.0015,
)
_STRUCK = Bands(
    (-20, -6, -3, -6, -8, -7, -8, -12, -22),
    (0.30, 0.25, 0.18, 0.20, 0.22, 0.22, 0.20, 0.18, 0.16),
)
"""A ball on a sports floor; a blow on wood, with what lies around it (median of eleven)."""


HEAVIER = 0.66
"""What a full box adds to its mass on the scale of `contact_s`: ten times the weight of the empty
one, and so (m^2/5) two and a half times its contact."""


def _heavier(around: Bands, usual_s: float, duration_s: float) -> Bands:
    """What a blow sets going around it, by the spectrum of a longer contact than its usual one."""
    hz = np.array(OCTAVES_HZ)
    less = brightness(hz, duration_s) / brightness(hz, max(usual_s, 1e-6))
    return around._replace(
        level_db=tuple((np.array(around.level_db) + 20.0 * np.log10(less)).tolist())
    )


class ObjectImpact(Rhythmic):
    """A thing is struck, dropped or set down: click, ring of the thing, bed that it lies on."""

    words: ClassVar[Words] = Words(
        variants=tuple(_SHAPES),
        surfaces=("wood", "concrete", "tile", "metal", "dirt", "carpet", "grass", "snow", "water"),
        materials=("wood", *(name for name in MATERIALS if name != "wood")),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One object and what it meets."""
        play = self.play
        self.material = MATERIALS[play.material]
        shape = _SHAPES[play.variant]
        # Boards and cardboard rub in their joints; what is cast or welded has none.
        joined = play.variant == "box" and self.material.friction > 0.01
        held = 1.8 if play.variant == "hit" or joined else 1.0
        # Rock is never free: what is struck is part of a wall or lies in its own rubble.
        self.rock = play.variant == "hit" and play.material == "stone"
        held = 7.0 if self.rock else held
        size = play.size - 0.2 if play.variant == "stick" else play.size
        body = build(self.material, size, rng, shape, 72, damping=held)
        self.body = filled(body, play.fullness, play.liquid)
        self.lasting = lasting(play.fullness, play.liquid)
        self.mass = play.size + HEAVIER * play.fullness
        # What rings keeps its energy in its modes; what damps passes it on to all around.
        self.around = 0.6 * min(1.0, (self.material.friction / MATERIALS["wood"].friction) ** 0.6)
        self.dense = {"stick": 0.25, "box": 0.9}.get(play.variant, 0.6)
        self.soft_bed = play.surface in ("carpet", "grass", "dirt", "snow", "water")
        self.bed_hz = {"wood": 105.0, "metal": 150.0, "tile": 160.0, "concrete": 180.0}.get(
            play.surface, 90.0
        )
        # Concrete and tile hardly give way, boards do.
        self.bed_level = {"concrete": 0.35, "tile": 0.45}.get(play.surface, 1.0)
        self.bed_hz *= 2.0 ** (1.2 * (0.5 - play.size))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One blow."""
        if self.play.variant == "ball":
            return self._bounce(stroke, rng)
        hardness = self.material.hardness * (0.55 if self.soft_bed else 1.0)
        usual = contact_s(hardness, stroke.strength, self.play.size)
        duration = contact_s(hardness, stroke.strength, self.mass)
        around = _STRUCK.tilted(1.5 * (hardness - 0.7) + 1.0 * (0.5 - self.play.size))
        around = _heavier(around, usual, duration)
        if self.rock:  # its face crumbles under the blow, which lengthens the contact
            duration *= 2.5
        wave = strike(
            rng, self.body, duration, grain=0.25 + 0.6 * self.material.grain, dense=self.dense
        )
        bed = thump(rng, self.bed_hz * rng.normal(1, 0.04), 0.11 if self.soft_bed else 0.16, 0.002)
        out = np.zeros(max(wave.size, bed.size) + count_of(0.25))
        mix_at(out, unit_peak(wave), 0, 0.8)
        rings = (0.5 + 0.5 * hardness) * max(self.lasting, 0.5)
        mix_at(out, unit_peak(blow(rng, around.lasting(rings))), 0, self.around)
        mix_at(
            out,
            unit_peak(bed),
            0,
            self.bed_level
            * (0.06 + 0.16 * self.play.size + 0.3 * self.play.fullness)
            * (0.5 + 0.5 * stroke.strength),
        )
        if self.soft_bed:
            count = count_of(0.12)
            give = crush(rng, 1500 * decay(count, 0.1), 600, 5000, 0.0009, 2.0)
            mix_at(out, unit_peak(give), 0, 0.25)
        if self.rock:
            mix_at(out, unit_peak(self._grit(rng)), 0, 0.3 * (0.4 + 0.6 * stroke.strength))
        if self.play.variant == "drop":
            self._settle(out, stroke, rng, duration)
        return out

    def _grit(self, rng: np.random.Generator) -> Wave:
        """Chips that the blow breaks off."""
        count = count_of(0.05)
        return crush(rng, 2500 * decay(count, 0.04), 700, 4200, 0.0008, 1.8, decay(count, 0.05))

    def _settle(self, out: Wave, stroke: Stroke, rng: np.random.Generator, duration: float) -> None:
        """A dropped thing bounces a few times, each sooner and weaker than the last."""
        bounce = 0.25 + 0.35 * self.material.hardness
        delay, level = 0.09 + 0.12 * self.play.size * stroke.strength, bounce
        at = delay
        while level > 0.04 and count_of(at) < out.size:
            again = strike(rng, self.body, duration * 1.2, spread=0.2, grain=0.3, longest_s=0.4)
            mix_at(out, unit_peak(again), count_of(at), level * rng.uniform(0.6, 1.1))
            delay *= bounce + rng.uniform(0.05, 0.3)
            level *= bounce
            at += max(delay, 0.012)

    def _bounce(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """A hollow ball: a slap of its skin, and the air inside that rings once or twice."""
        count = count_of(0.35)
        size, hard = self.play.size, 0.35 if self.play.material in ("rubber", "leather") else 0.6
        duration = contact_s(hard, stroke.strength, 0.25 + 0.5 * size)
        out = np.zeros(count)
        mix_at(out, unit_peak(pulse(duration)), 0, 0.3)
        air = 560.0 * 2.0 ** (2.6 * (0.5 - size))
        for ratio, level in ((1.0, 1.0), (2.05, 0.45), (3.35, 0.3), (4.9, 0.2)):
            body = thump(rng, air * ratio, 0.07 / ratio**0.4, 0.0008, drop=0.1)
            mix_at(out, unit_peak(body), 0, 0.5 * level * rng.uniform(0.7, 1.2))
        skin = bandpass(noise(rng, count), 500, 5200) * decay(count, 0.035)
        mix_at(out, unit_peak(skin), 0, 0.2 * (0.4 + 0.6 * stroke.strength))
        floor = blow(rng, _BOUNCE.tilted(1.5 * (0.5 - size)))
        mix_at(out, unit_peak(floor), 0, 1.0)
        return out
