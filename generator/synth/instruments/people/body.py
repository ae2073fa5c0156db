"""Bodies that are hit or that fall: flesh and cloth slap, a frame below gives."""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.instruments.people.palms import clap
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.contact import contact_s, strike, thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.ground import GROUNDS, give_way
from foley_designer.generator.synth.physics.modal import MATERIALS, build
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

_HANDS: dict[str, Bands] = {
    "slap": Bands(
        (-30, -20, -9, -3, 0, -2, -5, -9, -16),
        (0.12, 0.10, 0.08, 0.07, 0.06, 0.055, 0.05, 0.04, 0.04),
    ),
}
"""A palm on skin."""


class BodyImpact(Rhythmic):
    """A punch, a slap, a stab or a fall. Foley builds them in layers, and so does this."""

    words: ClassVar[Words] = Words(
        variants=("punch", "slap", "fall", "stab", "crack", "clap", "heartbeat"),
        surfaces=("wood", "concrete", "dirt", "grass", "snow", "water", "carpet", "gravel"),
        materials=("flesh", "leather", "cotton"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """How deep this body sounds, and a bone of it."""
        self.low_hz = 92.0 * 2.0 ** (0.9 * (0.5 - self.play.size)) * rng.uniform(0.93, 1.07)
        self.hollow_hz = rng.uniform(800.0, 1700.0)
        self.bone = build(MATERIALS["bone"], 0.5, rng, modes=10)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One blow."""
        variant = self.play.variant
        if variant == "heartbeat":
            return self._heart(rng)
        if variant == "clap":  # a posture is kept, and the hollow differs from clap to clap
            hz = self.hollow_hz * float(np.exp(rng.normal(0, 0.12))) * (0.8 + 0.4 * stroke.strength)
            return clap(rng, hz, 0.075)
        if variant == "crack":
            return self._crack(rng)
        if variant in _HANDS:
            return unit_peak(blow(rng, _HANDS[variant].tilted(2.0 * (stroke.strength - 0.6))))
        force = 0.3 + 0.7 * stroke.strength
        out = np.zeros(count_of(1.1 if variant == "fall" else 0.5))
        mix_at(out, self._slap(rng, force), 0, 0.7)
        deep = {"punch": 0.95, "fall": 1.0, "stab": 0.55}[variant]
        life = 0.20 if variant == "fall" else 0.11
        soft = contact_s(0.25, force) * 0.4
        low = thump(rng, self.low_hz * rng.normal(1, 0.05), life, soft, drop=1.6)
        mix_at(out, unit_peak(low), 0, deep)
        if variant == "fall":
            self._tumble(out, rng, force)
        if variant == "stab":
            mix_at(out, self._squelch(rng), count_of(0.012), 0.55)
        return out

    def _heart(self, rng: np.random.Generator) -> Wave:
        """Valves close twice: the first dull and long, the second after 0.3 s, sharper."""
        out = np.zeros(count_of(0.62))
        for at, hz, level in ((0.0, 46.0, 1.0), (rng.uniform(0.27, 0.33), 62.0, 0.7)):
            beat = thump(rng, hz, 0.13, 0.008, drop=0.6)
            wall = bandpass(noise(rng, beat.size), 60, 320) * burst(beat.size, 0.006, 0.10)
            mix_at(out, unit_peak(beat) + 0.35 * unit_peak(wall), count_of(at) if at else 0, level)
        return out

    def _slap(self, rng: np.random.Generator, force: float) -> Wave:
        """Skin and cloth: a dense noise whose air is pressed out in a few milliseconds."""
        count = count_of(0.16)
        top = 2200 + 2860 * force
        skin = bandpass(noise(rng, count), 240, top) * burst(count, 0.0006, 0.075)
        snap = bandpass(noise(rng, count), 900, 1.4 * top) * burst(count, 0.0002, 0.018)
        cloth = bandpass(noise(rng, count), 350, 3800) * burst(count, 0.004, 0.13)
        padded = 0.5 if self.play.material != "flesh" else 0.2
        return unit_peak(unit_peak(skin) + 0.8 * unit_peak(snap) + padded * unit_peak(cloth))

    def _tumble(self, out: Wave, rng: np.random.Generator, force: float) -> None:
        """After the trunk come limbs, each lighter, on the ground that receives them."""
        ground = GROUNDS[self.play.surface]
        mix_at(out, unit_peak(give_way(ground, rng, force, 0.08, sudden=True)), 0, 0.35)
        at = 0.0
        for level in (0.6, 0.4, 0.22):
            at += rng.uniform(0.06, 0.17)
            limb = thump(rng, self.low_hz * rng.uniform(1.1, 1.7), 0.09, 0.003)
            mix_at(out, unit_peak(limb), count_of(at), level * 0.8)
            mix_at(out, self._slap(rng, 0.4 * force), count_of(at), level * 0.45)

    def _squelch(self, rng: np.random.Generator) -> Wave:
        """Wet tissue: many short grains that sink in pitch."""
        count = count_of(0.2)
        rate = 1400 * burst(count, 0.01, 0.2)
        return unit_peak(crush(rng, rate, 350, 2600, 0.003, 2.0))

    def _crack(self, rng: np.random.Generator) -> Wave:
        """Bone, or the celery that stands for it: fibres that part one after another, and snap."""
        out = np.zeros(count_of(0.6))
        at_s = 0.0
        for _ in range(int(rng.integers(10, 25))):
            level = rng.uniform(0.15, 1.0) * float(np.exp(-at_s / 0.2))
            count = count_of(0.02)
            fibre = bandpass(noise(rng, count), 2500 * rng.uniform(0.7, 1.4), 14_000)
            fibre *= burst(count, 0.0001, 0.004 * rng.uniform(0.6, 1.6))
            rung = strike(rng, self.bone, 0.0002, grain=0.3, longest_s=0.05)
            start = count_of(at_s) if at_s else 0
            mix_at(out, unit_peak(fibre), start, level)
            mix_at(out, unit_peak(rung), start, 0.5 * level)
            at_s += rng.exponential(0.012)
        mix_at(out, unit_peak(thump(rng, 2.0 * self.low_hz, 0.05, 0.002)), 0, 0.1)
        return out
