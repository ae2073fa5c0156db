"""Animal steps: hooves clop, paws pad and tick, with the ground that they meet."""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.contact import click, contact_s, strike, thump
from foley_designer.generator.synth.physics.ground import GROUNDS, give_way, ground_body
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build, ring
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    lowpass,
    mix_at,
    noise,
    unit_peak,
)
from foley_designer.generator.synth.words import Words


class Foot(NamedTuple):
    """An animal's foot."""

    hardness: float
    weight: float
    ring: float
    """How much the hoof itself sounds, a short hollow clop."""
    claws: float
    """Ticks of claws just after the pad."""
    feet: int = 1
    """How many land for one hit: small animals run faster than is counted, a flock has many."""


FEET: dict[str, Foot] = {
    "dog": Foot(0.15, 0.25, 0.0, 0.55),
    "cat": Foot(0.06, 0.10, 0.0, 0.10),
    "horse": Foot(0.80, 0.90, 1.0, 0.0),
    "cow": Foot(0.60, 1.00, 0.5, 0.0),
    "sheep": Foot(0.65, 0.30, 0.6, 0.0, 2),
    "bird": Foot(0.30, 0.05, 0.0, 0.9),
    "mouse": Foot(0.15, 0.01, 0.0, 1.0, 4),
    "elephant": Foot(0.10, 1.60, 0.0, 0.0),
}
_HOOF = Bands(
    (-30, -18, -9, -3, 0, -3, -8, -13, -22),
    (0.12, 0.10, 0.08, 0.07, 0.07, 0.06, 0.06, 0.05, 0.05),
)
_PAD = Bands(
    (-20, -8, -2, 0, -3, -6, -9, -13, -22),
    (0.10, 0.08, 0.06, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05),
    rise_s=0.003,
)
"""What a hoof and a padded foot make of hard ground, after shod horses on stone and dogs on boards
as they are described by R. Nordahl et al. (see `ground`)."""


class AnimalSteps(Rhythmic):
    """One animal on four feet that differ a little."""

    words: ClassVar[Words] = Words(
        variants=tuple(FEET),
        surfaces=("dirt", *(name for name in GROUNDS if name != "dirt")),
        materials=("bone",),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Feet, ground, and the hollow of each hoof."""
        self.foot = FEET[self.play.variant]
        self.ground = GROUNDS[self.play.surface]
        self.body = ground_body(self.play.surface, rng)
        hoof = MATERIALS["bone"]._replace(base_hz=620.0, mount=160.0)
        self.hooves = [
            build(hoof, 0.3 + 0.4 * self.foot.weight, rng, Shape.SHELL, 6, octaves=1.5)
            for _ in range(4)
        ]
        self.hollows_hz = rng.uniform(750.0, 1350.0, 4)

    @property
    def interval_s(self) -> float:
        """A walk to a gallop; small animals are quicker."""
        return (0.42 - 0.28 * self.play.speed) * (0.6 + 0.6 * self.foot.weight)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One foot comes down, or as many as one hit stands for."""
        out = self._foot(stroke, rng)
        for _ in range(self.foot.feet - 1):
            late = count_of(rng.uniform(0.01, 0.9) * min(stroke.gap_s, 0.2))
            more = self._foot(stroke, rng)
            out = np.pad(out, (0, max(0, late + more.size - out.size)))
            mix_at(out, more, late, rng.uniform(0.2, 1.0))
        return out

    def _foot(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        ground, foot = self.ground, self.foot
        force = 0.3 + 0.7 * stroke.strength
        out = np.zeros(count_of(0.6))
        duration = contact_s(min(ground.hardness, foot.hardness), force, 0.2 + 0.5 * foot.weight)
        hz = ground.thump_hz * (1.6 - 0.7 * foot.weight) * rng.normal(1.0, 0.05)
        low = thump(rng, hz, ground.thump_t60_s, min(0.003, 0.5 * duration))
        light = min(1.0, foot.weight / 0.2)  # what weighs next to nothing shakes no floor
        mix_at(out, unit_peak(low), 0, ground.thump * (0.35 * light + 0.6 * foot.weight))
        pad = click(rng, duration, 180 + 900 * foot.hardness, 1500 + 6000 * foot.hardness)
        mix_at(out, unit_peak(pad), 0, 0.3 + 0.5 * ground.click * foot.hardness)
        wide = (_HOOF if foot.ring > 0 else _PAD).tilted(-1.5 * (foot.weight - 0.5))
        answer = unit_peak(blow(rng, wide.tilted(2.5 * (ground.hardness - 0.8))))
        mix_at(out, answer, 0, 0.9 * light * (0.3 + 0.7 * ground.hardness))
        if foot.ring > 0:  # the wall of a hoof lands over its length
            mix_at(out, answer, count_of(rng.uniform(0.006, 0.02)), rng.uniform(0.2, 0.5))
        if foot.ring > 0:
            hoof = self.hooves[stroke.index % 4]
            clop = strike(rng, hoof, duration, grain=0.1, longest_s=0.25)
            hard = 0.4 + 0.6 * ground.hardness  # turf swallows less of the hollow than of the blow
            mix_at(out, unit_peak(clop), 0, 0.4 * foot.ring * hard)
            mix_at(out, self._hollow(rng, stroke.index % 4), 0, 1.3 * foot.ring * hard)
            later = count_of(rng.uniform(0.022, 0.045))  # the toe, as the hoof rolls over
            mix_at(out, self._hollow(rng, stroke.index % 4), later, 0.6 * foot.ring * hard)
        if foot.claws > 0:
            self._claws(out, rng)
        if self.body is not None:
            sounding = strike(rng, self.body, duration, grain=0.05, longest_s=0.6)
            mix_at(out, unit_peak(sounding), 0, 0.7 * light * ground.ring * (0.3 + foot.weight))
        if ground.loose + ground.hiss + ground.fluid > 0:
            weight = 0.3 + 0.7 * foot.weight
            mix_at(out, give_way(ground, rng, force * weight, 0.04, sudden=True), 0, 0.3 + weight)
        return lowpass(out, ground.dull_hz, 1)

    def _hollow(self, rng: np.random.Generator, foot: int) -> Wave:
        """Air under the sole, shut in between hoof and ground: a hollow whose walls leak."""
        hz = self.hollows_hz[foot] * rng.normal(1.0, 0.02)
        count = count_of(0.14)
        modes = hz * np.array([1.0, 1.9, 3.1])
        lives = 0.09 * np.array([1.0, 0.7, 0.4])
        tone = unit_peak(ring(modes, lives, np.array([1.0, 0.6, 0.3]), count))
        air = unit_peak(bandpass(noise(rng, count), 0.8 * hz, 2.2 * hz) * burst(count, 8e-4, 0.1))
        return unit_peak(0.2 * tone + 0.8 * air)

    def _claws(self, out: Wave, rng: np.random.Generator) -> None:
        """A few nails reach a hard ground one after another; a soft one swallows them."""
        level = self.foot.claws * (0.08 + 0.6 * self.ground.hardness * self.ground.click)
        for _ in range(int(rng.integers(2, 5))):
            nail = click(rng, 0.0002, 2500, 9000)
            delay = count_of(rng.uniform(0.001, 0.014))
            mix_at(out, unit_peak(nail), delay, level * rng.uniform(0.3, 1.0))
