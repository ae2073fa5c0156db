"""Cloth: fibres that rub and folds that snap over as a body moves.

A movement is a swell of band noise whose colour is the weave, carried by the collisions of
fibres (PhISEM, see grains.py); S. S. An, D. L. James, S. Marschner, *Motion-driven Concatenative
Synthesis of Cloth Sounds* (ACM TOG 31(4), 2012) split cloth into the same friction and crumpling.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.bands import Bands, swelling
from foley_designer.generator.synth.physics.contact import thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    bandpass,
    burst,
    count_of,
    drift,
    highpass,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint
from foley_designer.generator.synth.words import Words


class Weave(NamedTuple):
    """How a fabric sounds."""

    centre_hz: float
    octaves: float
    crackle: float
    """Level of folds and fibres against the wash."""
    rate_hz: float
    low_hz: float
    high_hz: float
    weight: float
    """Low flutter of heavy stuff."""


WEAVES: dict[str, Weave] = {
    "cotton": Weave(1500, 1.35, 0.30, 500, 900, 6500, 0.25),
    "wool": Weave(800, 1.20, 0.12, 350, 500, 3500, 0.35),
    "silk": Weave(3800, 1.10, 0.20, 900, 2200, 11000, 0.08),
    "denim": Weave(1900, 1.10, 0.45, 600, 900, 6500, 0.35),
    "leather": Weave(950, 1.30, 0.80, 130, 350, 3600, 0.55),
    "nylon": Weave(3200, 1.15, 1.00, 1100, 1500, 12000, 0.15),
}


_FLAP = Bands(
    (-4, 0, -1, -3, -7, -12, -17, -22, -34),
    (0.14, 0.12, 0.10, 0.09, 0.07, 0.06, 0.05, 0.05, 0.05),
    rise_s=0.018,
)
"""Air that stuff throws as it is pulled taut: after two recordings of wings."""


class Cloth(Sustained):
    """Clothes on a body in movement, a flapping cape, or a rip."""

    words: ClassVar[Words] = Words(
        variants=("swish", "flap", "rip"), surfaces=("plain",), materials=tuple(WEAVES)
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One garment."""
        self.weave = WEAVES[self.play.material]
        self.colour = self.weave.centre_hz * float(np.exp(rng.normal(0, 0.1)))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One gesture that begins at once."""
        seconds = 0.55 - 0.3 * self.play.speed
        count = count_of(1.6 * seconds)
        motion = burst(count, 0.004, 1.3 * seconds) * (0.8 + 0.2 * drift(rng, count, 14.0))
        wave: Wave = self._moved(rng, motion, 1)[0]
        wave *= attack(count, 0.003)
        if self.play.variant == "flap":
            snap = unit_peak(thump(rng, 95, 0.07, 0.003))
            mix_at(wave, snap, 0, 0.8 * (0.3 + stroke.strength))
        return wave

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Gestures of half a second or so, as limbs move, over a quiet bed."""
        if self.play.variant == "rip":
            return self._rip(stretch, rng)
        motion = self._gestures(stretch, rng)
        if self.play.variant == "flap":
            return self._flaps(rng, motion, stretch.channels)
        return self._moved(rng, motion, stretch.channels)

    def _flaps(self, rng: np.random.Generator, motion: Wave, channels: int) -> Wave:
        """Stuff that is thrown taut by the wind: each time a low blow of air and a snap."""
        puffs = swelling(rng, motion**1.5, _FLAP)
        return unit_rms(puffs) + 0.12 * unit_rms(self._moved(rng, motion**2, channels))

    def _gestures(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Effort over time; flapping is faster and sharper."""
        count = stretch.count
        motion = np.full(count, 0.06) + 0.03 * np.abs(drift(rng, count, 3.0))
        flap = self.play.variant == "flap"
        length = (0.16 if flap else 0.75) * 0.5**self.play.speed
        if flap:  # between two blows of the wind the stuff hangs nearly still
            motion *= 0.4
        at = 0.0
        while at * SAMPLE_RATE < count:
            part = count_of(length * float(np.exp(rng.normal(0, 0.3))))
            swell = arch(part, rng.uniform(0.15, 0.5), 1.0 if flap else 1.4)
            swell *= 1 + 0.3 * drift(rng, part, 16.0)
            mix_at(motion, np.abs(swell), round(at * SAMPLE_RATE), rng.uniform(0.3, 1.0))
            at += part / SAMPLE_RATE * rng.uniform(0.55, 1.5)
        return motion

    def _moved(self, rng: np.random.Generator, motion: Wave, channels: int) -> Wave:
        """The sound of an effort: brighter the faster."""
        weave, count = self.weave, motion.size

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            effort = motion[np.minimum(np.arange(frames) * hop, count - 1)][:, None]
            centre = self.colour * (0.65 + 0.7 * np.clip(effort, 0, 1))
            hand = 2.0 ** (0.25 * drift(rng, frames, 5.0, hop))[:, None]
            # Five recordings of clothes are flat from 60 Hz to 2 kHz and fall by 5 dB to 4 kHz.
            flutter = (1.5 + 4.0 * weave.weight) * bell(frequencies, 200.0, 1.7)
            air = 0.35 * bell(frequencies, 2.6 * centre, 0.9)
            return bell(frequencies, centre * hand, weave.octaves) + air + flutter

        wash = paint(rng, channels, count, colour, 512) * motion
        out = highpass(wash / max(float(np.sqrt(np.mean(wash**2))), 1e-9), 70.0)
        for channel in range(channels):
            rate = weave.rate_hz * np.clip(motion, 0, 1.2)
            fold = crush(rng, 4.0 * rate, weave.low_hz, weave.high_hz, 0.0006, 3.0, motion)
            out[channel] += (
                0.5 * weave.crackle * unit_rms(fold) * motion / max(float(motion.max()), 1e-9)
            )
        return out

    def _rip(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Threads break one after another, faster as the tear runs."""
        count = stretch.count
        pace = np.clip(0.55 + 0.35 * drift(rng, count, 5.0), 0.1, 1.2) * arch(count, 0.6, 0.4)
        rate = (900 + 2600 * self.play.speed) * pace
        threads = crush(rng, rate, 900, 9500, 0.0007, 2.6, pace)
        burr = bandpass(noise(rng, count), 1200, 8000) * pace * (1 + 0.6 * drift(rng, count, 70.0))
        wave = unit_rms(threads) + 0.9 * unit_rms(burr)
        return np.repeat(wave[None], stretch.channels, axis=0)
