"""Human footsteps as an instrument: shoe, ground, weight, gait, heel and toe, left and right."""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, dense
from foley_designer.generator.synth.physics.contact import click, contact_s, strike, thump
from foley_designer.generator.synth.physics.ground import (
    DENSE,
    GROUNDS,
    SOLID,
    give_way,
    ground_body,
)
from foley_designer.generator.synth.physics.octaves import OCTAVES_HZ, coloured
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    burst,
    count_of,
    drift,
    lowpass,
    mix_at,
    noise,
    unit_peak,
)
from foley_designer.generator.synth.words import Words


class Shoe(NamedTuple):
    """What is on the foot."""

    hardness: float
    """Of the sole."""
    weight: float
    """0 to 1: how much body the step has."""
    click: float
    """Level of the sole's own contact."""
    click_hz: float
    """Where that contact is centred."""
    toe: float
    """Level of the toe against the heel."""
    creak: float = 0.0
    """Leather that gives."""
    squeak: float = 0.0
    """Rubber on smooth ground: how often it slips."""


SHOES: dict[str, Shoe] = {
    "boots": Shoe(0.55, 0.85, 0.9, 1100, 0.62, creak=0.35),
    "shoes": Shoe(0.72, 0.55, 1.0, 1900, 0.55, creak=0.12),
    "sneakers": Shoe(0.30, 0.50, 0.5, 900, 0.70, squeak=0.06),
    "heels": Shoe(0.95, 0.25, 1.5, 3100, 0.35),
    "barefoot": Shoe(0.10, 0.50, 0.35, 480, 0.65),
    "sandals": Shoe(0.38, 0.40, 0.7, 1300, 0.85),
    "slippers": Shoe(0.15, 0.40, 0.4, 620, 0.85),
}


USUAL = SHOES["shoes"]
"""What grounds and their voicing were measured with: others are heard against it."""
SOFT_DB, HEAVY_DB = 8.0, 12.0
"""Decibels an octave above `KNEE_HZ` that a sole of no hardness takes off against one of full
hardness, and those under it that a giant brings against a child. A softer sole lasts longer on the
ground, so the force has less above the inverse of that time; a heavier step is lower (X. Li, R. J.
Logan and R. E. Pastore, *Perception of acoustic source characteristics: Walking sounds*, JASA
90(6), 1991: listeners tell walkers by spectral mean and by the energy above)."""
KNEE_HZ = 500.0
LOOSE = 0.6
"""Share of a sole's colour that is heard where grains under it sound, not it."""


class HumanSteps(Rhythmic):
    """Footsteps: the heel strikes at the hit, the toe follows and is quieter."""

    words: ClassVar[Words] = Words(
        variants=("shoes", "boots", "sneakers", "heels", "barefoot", "sandals", "slippers"),
        surfaces=("concrete", *(name for name in GROUNDS if name != "concrete")),
        materials=("leather", "rubber"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One person: a shoe, a ground, and two feet that differ a little."""
        self.shoe = SHOES[self.play.variant]
        self.ground = GROUNDS[self.play.surface]
        self.body = ground_body(self.play.surface, rng)
        self.weight = float(np.clip(0.5 * self.shoe.weight + 0.5 * self.play.size, 0.0, 1.0))
        self.feet = rng.normal(1.0, 0.05, (2, 3))
        self.colour_db = self._colour_db()

    def _colour_db(self) -> tuple[float, ...] | None:
        """What shoe and weight do to a step on every ground, by octave; None for the usual ones."""
        usual = 0.5 * USUAL.weight + 0.25
        softer, heavier = USUAL.hardness - self.shoe.hardness, self.weight - usual
        if not softer and not heavier:
            return None
        share = 1.0 if self.play.surface in SOLID else LOOSE
        octaves = np.log2(np.array(OCTAVES_HZ) / KNEE_HZ)
        gains = -SOFT_DB * softer * octaves.clip(0.0) + HEAVY_DB * heavier * (-octaves).clip(0.0)
        return tuple((share * gains).tolist())

    @property
    def interval_s(self) -> float:
        """A stroll of 90 steps a minute to a run of 190."""
        return 0.68 - 0.36 * self.play.speed

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One step."""
        foot = self.feet[stroke.index % 2]
        running = stroke.gap_s < 0.36
        force = 0.35 + 0.65 * stroke.strength
        heel = self._part(force, rng, foot, heel=True)
        delay = float(np.clip(0.19 * stroke.gap_s * rng.normal(1.0, 0.09), 0.06, 0.13))
        toe_level = self.shoe.toe * rng.uniform(0.75, 1.15) * (0.55 if running else 0.8)
        toe = self._part(force * 0.7, rng, foot, heel=False)
        roll = self._roll(force, rng, delay)
        out = np.zeros(count_of(delay + 0.35) + max(heel.size, toe.size, roll.size) + 1)
        solid = SOLID.get(self.play.surface)
        own = 1.0 if solid is None else 0.45
        mix_at(out, heel, 0, own)
        mix_at(out, roll, count_of(0.02), 0.5)
        mix_at(out, toe, count_of(delay), own * toe_level)
        if solid is not None:
            self._ground_answers(out, rng, solid, (force, delay, toe_level))
        if rng.uniform() < self.shoe.creak * 0.6:
            mix_at(out, self._creak(rng), count_of(delay * rng.uniform(0.4, 1.2)), 0.06)
        if self.ground.hardness > 0.5 and rng.uniform() < self.shoe.squeak:
            mix_at(out, self._squeak(rng), count_of(delay), 0.12)
        out = lowpass(out, self.ground.dull_hz, 1)
        return out if self.colour_db is None else coloured(out, self.colour_db)

    def _ground_answers(
        self, out: Wave, rng: np.random.Generator, bands: Bands, step: tuple[float, float, float]
    ) -> None:
        """Floor and room under heel and toe, and the sole that rubs as it rolls and lifts off.

        A sole spreads the blow in time and colours it: soft ones take the highs.
        """
        force, delay, toe = step
        soft = 1.0 - self.shoe.hardness
        colour = bands.tilted(4.0 * (self.shoe.hardness - 0.65) + rng.normal(0, 0.4))
        colour = colour._replace(rise_s=0.0012 + 0.008 * soft)
        energy = np.zeros(out.size)
        energy[0] = 1.0
        for _ in range(3):  # a heel is no point: its edge lands over some milliseconds
            energy[count_of(rng.uniform(0.001, 0.012 + 0.02 * soft))] += rng.uniform(0.1, 0.5)
        energy[count_of(delay)] += toe**2
        energy[count_of(delay + rng.uniform(0.002, 0.006))] += 0.4 * toe**2
        answer = dense(rng, energy, colour)
        rub = np.zeros(out.size)
        stretch = count_of(0.6 * delay + 0.05)
        grip = arch(stretch, 0.6, 1.2) * (1 + 0.6 * drift(rng, stretch, 60.0)).clip(0.0)
        mix_at(rub, grip, count_of(0.8 * delay))
        low, high = 0.9 * self.shoe.click_hz, 3.5 * self.shoe.click_hz
        scuff = bandpass(noise(rng, out.size), low, high) * rub
        level = 0.9 + 0.3 * self.weight
        mix_at(out, unit_peak(answer), 0, level * (0.55 + 0.45 * force))
        mix_at(out, unit_peak(scuff), 0, 0.08 * rng.uniform(0.4, 1.3))

    def _part(self, force: float, rng: np.random.Generator, foot: Wave, *, heel: bool) -> Wave:
        """Heel or toe: thump, contact, ring of the ground, and what gives way."""
        ground, shoe = self.ground, self.shoe
        out = np.zeros(count_of(0.75))
        hardness = min(ground.hardness, shoe.hardness)
        duration = contact_s(hardness, force, 0.3 + 0.5 * self.weight) * (1.0 if heel else 1.5)
        low = ground.thump_hz * foot[0] * (1.15 - 0.3 * self.weight) * (1.0 if heel else 1.35)
        body = thump(rng, low, ground.thump_t60_s, min(0.0035, 0.5 * duration))
        level = ground.thump * (0.45 + 0.75 * self.weight) * (1.0 if heel else 0.55)
        mix_at(out, unit_peak(body), 0, level * (0.5 + 0.5 * force))
        mix_at(out, self._contact(rng, duration, foot, heel), 0, ground.click * shoe.click * force)
        if self.body is not None and ground.ring > 0:
            wave = strike(
                rng, self.body, duration, place=(0.4, 0.35 if heel else 0.6), grain=0.05,
                dense=DENSE[self.play.surface], longest_s=0.9,
            )  # fmt: skip
            mix_at(out, unit_peak(wave), 0, ground.ring * (0.6 + 0.4 * force))
        if ground.loose > 0 or ground.hiss > 0 or ground.fluid > 0:
            crushed = give_way(ground, rng, force, ground.crush_s * foot[1] * 0.6, sudden=heel)
            mix_at(out, crushed, 0, 0.55 + 0.45 * force)
        if self.play.wetness > 0 and ground.fluid == 0:
            mix_at(out, self._wet(rng, force), 0, 0.6 * self.play.wetness)
        return out

    def _contact(self, rng: np.random.Generator, duration: float, foot: Wave, heel: bool) -> Wave:
        """The sole's own sound: a click around its resonance, duller and longer when soft."""
        hz = self.shoe.click_hz * foot[2] * (1.0 if heel else 1.25) * rng.normal(1.0, 0.06)
        count = count_of(0.05)
        tap = bandpass(noise(rng, count), 0.7 * hz, 1.5 * hz)
        tap *= burst(count, 0.0003, 0.018 + 2 * duration)
        edge = click(rng, duration, 0.8 * hz, min(9000.0, 0.9 / duration + 1.2 * hz))
        mix_at(tap, edge, 0, 0.7)
        return unit_peak(tap) * (0.8 if heel else 0.6)

    def _roll(self, force: float, rng: np.random.Generator, delay: float) -> Wave:
        """Between heel and toe: the sole rolls over what is loose."""
        ground = self.ground
        if ground.loose + ground.hiss + ground.fluid <= 0.05:
            return np.zeros(1)
        return give_way(ground, rng, 0.5 * force, 0.4 * delay + 0.02, sudden=False)

    def _wet(self, rng: np.random.Generator, force: float) -> Wave:
        """A film of water: a slap and a short smack as the sole leaves it."""
        film = GROUNDS["water"]._replace(fluid=0.8)
        return give_way(film, rng, force, 0.05, sudden=True)

    def _creak(self, rng: np.random.Generator) -> Wave:
        """Leather gives in a few slips."""
        count = count_of(rng.uniform(0.05, 0.12))
        out = np.zeros(count)
        for position in np.sort(rng.integers(0, count, 7)):
            slip = click(rng, 0.0006, 700, 2600)
            mix_at(out, slip, int(position), rng.uniform(0.3, 1.0))
        return unit_peak(out)

    def _squeak(self, rng: np.random.Generator) -> Wave:
        """Rubber slips on a polished floor."""
        count = count_of(rng.uniform(0.04, 0.09))
        hz = rng.uniform(900, 1700) * np.linspace(1.0, rng.uniform(1.05, 1.4), count)
        phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
        wave = np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.3 * np.sin(3 * phase)
        return unit_peak(wave * burst(count, 0.008, 0.12))
