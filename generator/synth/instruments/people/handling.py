"""Props in the hand: paper, keys, coins, bags, weapons, dishes; taken, turned and put down."""

from typing import ClassVar

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.arms.handled import handled
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.instruments.people.cloth import WEAVES
from foley_designer.generator.synth.instruments.things.friction import slips
from foley_designer.generator.synth.physics.bands import Bands, swelling
from foley_designer.generator.synth.physics.contact import contact_s, strike, thump
from foley_designer.generator.synth.physics.filling import filled
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.modal import MATERIALS, Material, Shape, build
from foley_designer.generator.synth.physics.signals import (
    LN_1000,
    Wave,
    arch,
    bandpass,
    burst,
    count_of,
    drift,
    highpass,
    lowpass,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words

_SMALL_METAL = {"keys": (-0.22, 12.0), "coins": (-0.55, 6.0), "weapon": (0.22, 45.0)}
"""Size and damping of the parts that jingle."""


_CRUMPLED = ("paper", "bag", "crumple")
_JINGLE = Bands(
    (-60, -50, -40, -30, -18, -9, -2, 0, -3),
    (0.05, 0.05, 0.05, 0.05, 0.06, 0.08, 0.09, 0.08, 0.06),
)


class Handling(Sustained):
    """One prop. A hit takes it up or puts it down; a stretch turns it over in the hands."""

    words: ClassVar[Words] = Words(
        variants=(
            "grab",
            "paper",
            "keys",
            "coins",
            "bag",
            "weapon",
            "dishes",
            "zipper",
            "crumple",
            "tape",
        ),
        surfaces=("wood", "metal", "tile", "carpet"),
        materials=("plastic", "wood", "steel", "glass", "ceramic", "leather", "cardboard"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """The prop's parts."""
        play = self.play
        size, damping = _SMALL_METAL.get(play.variant, (0.25 + 0.5 * play.size, 5.0))
        names = {"keys": "brass", "coins": "brass", "weapon": "steel", "dishes": "ceramic"}
        material: Material = MATERIALS[names.get(play.variant, play.material)]
        shape = Shape.SHELL if play.variant == "dishes" else Shape.PLATE
        self.hardness = material.hardness
        count, spread = {"keys": (9, 0.25), "coins": (9, 0.1)}.get(play.variant, (4, 0.06))
        parts = [
            build(material, size + rng.uniform(0, spread), rng, shape, 12, damping=damping)
            for _ in range(count)
        ]
        self.parts = [filled(part, play.fullness, play.liquid) for part in parts]
        self.bed_hz = 130.0 if play.surface == "wood" else 170.0

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One contact of hand, prop and place."""
        variant = self.play.variant
        out = np.zeros(count_of(0.7))
        if variant in _CRUMPLED:
            motion = burst(count_of(0.35), 0.001, 0.3)
            mix_at(out, unit_peak(self._crumple(rng, motion)), 0, 0.8)
            mix_at(out, unit_peak(self._palm(rng, stroke)), 0, 0.4)
            return out
        if variant in ("zipper", "tape"):
            pull = self._zip if variant == "zipper" else self._tape
            mix_at(out, pull(rng, count_of(0.45)), 0)
            return out
        if variant == "weapon":
            mix_at(out, handled(rng, self.parts, stroke.strength), 0)
            mix_at(out, unit_peak(self._palm(rng, stroke)), 0, 0.15)
            return out
        self._touch(out, stroke, rng, 0.0, 1.0)
        if variant != "grab":
            count = 2 + int(5 * stroke.strength)
            for delay in np.sort(rng.exponential(0.07, count)):
                level = rng.uniform(0.15, 0.6) * np.exp(-delay / 0.2)
                self._touch(out, stroke, rng, float(delay), float(level))
        mix_at(out, unit_peak(self._palm(rng, stroke)), 0, 0.5)
        if variant == "grab":
            bed = thump(rng, self.bed_hz * rng.normal(1, 0.05), 0.07, 0.002)
            mix_at(out, unit_peak(bed), 0, 0.6)
        return out

    def _touch(
        self, out: Wave, stroke: Stroke, rng: np.random.Generator, delay: float, level: float
    ) -> None:
        part = self.parts[int(rng.integers(len(self.parts)))]
        duration = contact_s(0.85 * self.hardness, stroke.strength, 0.2)
        wave = strike(rng, part, duration, spread=0.2, grain=0.4, longest_s=0.5)
        mix_at(out, unit_peak(wave), count_of(delay) if delay else 0, level)

    def _palm(self, rng: np.random.Generator, stroke: Stroke) -> Wave:
        """Skin on the prop."""
        count = count_of(0.09)
        top = 1500 + 2500 * stroke.strength
        return bandpass(noise(rng, count), 180, top) * burst(count, 0.001, 0.07)

    def _crumple(self, rng: np.random.Generator, motion: Wave) -> Wave:
        """Paper buckles in clicks of all sizes; a bag rubs as its stuff does."""
        if self.play.variant == "bag":
            weave = WEAVES["leather" if self.play.material == "leather" else "nylon"]
            rate = 0.6 * weave.rate_hz * motion
            folds = crush(rng, rate, weave.low_hz, weave.high_hz, 0.001, 1.6, motion)
            rub = bandpass(noise(rng, motion.size), 300, weave.high_hz * 0.5) * motion
            return unit_rms(folds) + 0.7 * unit_rms(rub)
        sharp = crush(rng, 420 * motion, 1200, 9000, 0.0009, 1.35, motion)
        small = crush(rng, 1500 * motion, 2500, 12_000, 0.0004, 2.0, motion)
        body = crush(rng, 60 * motion, 250, 1200, 0.004, 1.5, motion)
        rub = bandpass(noise(rng, motion.size), 1500, 9000) * motion
        return unit_rms(sharp) + 0.5 * unit_rms(small) + 0.3 * unit_rms(body) + 0.35 * unit_rms(rub)

    def _zip(self, rng: np.random.Generator, count: int) -> Wave:
        """Teeth pass the slider one by one; pitch follows the pull, up and down."""
        motion, at = np.zeros(count), 0
        while at < count:
            pull = min(count_of(rng.uniform(0.5, 1.1)), count - at)
            mix_at(motion, arch(pull, 0.4, 0.3) * rng.uniform(0.7, 1.0), at)
            at += pull + count_of(rng.uniform(0.05, 0.35))
        # Four or five teeth a centimetre on either side, 30 to 60 cm a second.
        train = slips(rng, 60 + (200 + 300 * self.play.speed) * motion, 0.12, motion)
        teeth = unit_rms(_clicks(rng, train, 0.0022, 1800, 9000))
        teeth += 0.15 * unit_rms(bandpass(train, 700, 2200))
        rub = bandpass(noise(rng, count), 1800, 8000) * motion
        return unit_peak(unit_rms(teeth) + 0.25 * unit_rms(rub))

    def _tape(self, rng: np.random.Generator, count: int) -> Wave:
        """Glue lets go in jerks, hundreds a second, and the roll sings with them."""
        motion = np.clip(0.75 + 0.35 * drift(rng, count, 3.0), 0.1, 1.3) * arch(count, 0.4, 0.25)
        train = slips(rng, (240 + 500 * self.play.speed) * motion, 0.45, motion)
        torn = _clicks(rng, train, 0.003, 900, 10_000)
        return unit_rms(torn) + 0.4 * unit_rms(bandpass(noise(rng, count), 2500, 10_000) * motion)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Hands at work."""
        count = stretch.count
        pace = 1.5 + 4.0 * self.play.speed
        motion = np.clip(0.4 + 0.45 * drift(rng, count, pace), 0.12, 1.4)
        if self.play.variant in _CRUMPLED:
            wave = self._crumple(rng, motion)
        elif self.play.variant == "zipper":
            wave = self._zip(rng, count)
        elif self.play.variant == "tape":
            wave = self._tape(rng, count)
        else:
            wave = self._jingle(stretch, rng, motion, pace)
        return np.repeat(wave[None], stretch.channels, axis=0)

    def _jingle(
        self, stretch: Stretch, rng: np.random.Generator, motion: Wave, pace: float
    ) -> Wave:
        """Parts meet at random moments, more often as the hand moves faster."""
        out = np.zeros(stretch.count)
        if self.play.variant == "weapon":
            return self._at_arms(rng, motion)
        rate = {"keys": 7.0, "coins": 4.0}.get(self.play.variant, 2.0) * pace
        waves = [
            unit_peak(strike(rng, part, 0.0003, spread=0.3, grain=0.4, longest_s=0.4))
            for part in self.parts
            for _ in range(6)
        ]
        at = 0.0
        while at < stretch.count:
            level = motion[int(at)] * rng.uniform(0.15, 1.0)
            mix_at(out, waves[int(rng.integers(len(waves)))], int(at), level)
            at += SAMPLE_RATE * rng.exponential(1.0 / rate) + 96
        rub = bandpass(noise(rng, stretch.count), 300, 3500) * motion
        if self.play.variant in ("keys", "coins"):  # too many edges touch to be told apart
            tinkle = np.maximum(highpass(out, 2500.0), 0.0) ** 2
            dense_part = swelling(rng, np.sqrt(lowpass(tinkle, 40.0, 1).clip(0.0)), _JINGLE)
            out += 0.5 * float(np.abs(out).max()) * unit_peak(dense_part)
        out += 0.05 * rub
        return out

    def _at_arms(self, rng: np.random.Generator, motion: Wave) -> Wave:
        """One movement of its action after the other, and the grip that is shifted."""
        out, at = np.zeros(motion.size), 0
        while at < motion.size:
            mix_at(out, handled(rng, self.parts, rng.uniform(0.3, 1.0)), at, rng.uniform(0.5, 1.0))
            at += count_of(rng.uniform(0.5, 1.2) * (1.4 - 0.8 * self.play.speed))
        return out + 0.02 * bandpass(noise(rng, motion.size), 300, 3500) * motion


def _clicks(rng: np.random.Generator, train: Wave, life_s: float, low: float, high: float) -> Wave:
    """A click at each impulse of a train, no two alike: a row of equal ones would be a tone."""
    pole = float(np.exp(-LN_1000 / (life_s * SAMPLE_RATE)))
    falls = scipy.signal.lfilter([1.0], [1.0, -pole], np.abs(train))
    clicks: Wave = falls * bandpass(noise(rng, train.size), low, high)
    return clicks
