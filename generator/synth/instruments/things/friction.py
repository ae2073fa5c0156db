"""Things that rub: creak, squeak, drag and grind, as stick and slip.

Contact sticks while force builds up and slips when it exceeds friction, so the source is a train
of slips whose rate follows speed and whose size follows load (A. Akay, *Acoustics of Friction*,
JASA 111(4), 2002; F. Avanzini, S. Serafin, D. Rocchesso, *Interactive Simulation of Rigid Body
Interaction With Friction-Induced Sound Generation*, IEEE TSAP 13(5), 2005; Farnell, *Designing
Sound*, ch. 33). Slips ring the body; fast regular slips become a pitch, slow irregular ones a
creak, and a rough surface a scrape.
"""

from typing import ClassVar, NamedTuple

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.contact import brightness
from foley_designer.generator.synth.physics.modal import (
    MATERIALS,
    Body,
    Shape,
    at_position,
    build,
    ring,
)
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    count_of,
    decay,
    drift,
    mix_at,
    noise,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


def slips(
    rng: np.random.Generator, rate_hz: Wave, jitter: float, amount: Wave | float = 1.0
) -> Wave:
    """A train of slips.

    Args:
        rng: source of chance.
        rate_hz: slips a second, for every sample.
        jitter: relative spread of the periods and sizes, 0 regular to 1 wild.
        amount: size of the slips.

    Returns:
        Impulses at the slips and, between them, the slow build-up of force with opposite sign.
    """
    count = rate_hz.size
    phase = np.cumsum(rate_hz) / SAMPLE_RATE
    marks = np.cumsum(np.exp(rng.normal(0.0, jitter, int(phase[-1] * 1.6) + 8)))
    marks = np.concatenate([[phase[0]], marks[marks < phase[-1]]])
    positions = np.minimum(np.searchsorted(phase, marks), count - 1)
    sizes = np.exp(rng.normal(0.0, 0.8 * jitter, positions.size))
    train = np.bincount(positions, weights=sizes, minlength=count).astype(np.float64)
    return train * amount


def resonance(body: Body, place: float, contact: float, longest_s: float = 0.4) -> Wave:
    """What one slip makes of a body."""
    levels = at_position(body, place, 0.41) * brightness(body.frequencies, contact)
    count = count_of(min(float(body.t60_s.max()), longest_s))
    wave = ring(body.frequencies, body.t60_s, levels, count)
    return wave / max(float(np.sqrt(np.sum(wave**2))), 1e-9)


class _Rub(NamedTuple):
    """How a kind of friction moves."""

    low_hz: float
    """Slips a second when slow."""
    high_hz: float
    """When fast."""
    jitter: float
    wander: float
    """How far the rate drifts, octaves."""
    noise: float
    """Share of plain rubbing noise."""
    damping: float


_RUBS: dict[str, _Rub] = {
    "creak": _Rub(7, 46, 0.32, 1.6, 0.03, 4.0),
    "squeak": _Rub(650, 1500, 0.004, 0.7, 0.06, 1.5),
    "tyre": _Rub(900, 1700, 0.01, 0.35, 0.3, 1.0),
    "wipe": _Rub(70, 200, 0.9, 0.4, 2.5, 8.0),
    "drag": _Rub(60, 240, 0.95, 0.8, 1.6, 6.0),
    "grind": _Rub(300, 900, 0.9, 0.3, 1.6, 5.0),
    "saw": _Rub(160, 420, 0.35, 0.4, 0.8, 2.0),
}


class Friction(Sustained):
    """Two things that rub: wood, metal, glass, rubber, stone, leather, rope."""

    words: ClassVar[Words] = Words(
        variants=tuple(_RUBS),
        surfaces=("wood", "concrete", "tile", "metal", "dirt", "carpet"),
        materials=(
            "wood",
            "steel",
            "glass",
            "rubber",
            "stone",
            "leather",
            "rope",
            "plastic",
            "cardboard",
        ),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """The body that sounds, and how it rubs."""
        self.rub = _RUBS[self.play.variant]
        material = MATERIALS[self.play.material]
        shape = Shape.BAR if self.play.variant == "squeak" else Shape.PLATE
        damping = self.rub.damping
        self.body = build(material, self.play.size, rng, shape, 26, 3.0, damping=damping)
        self.roughness = material.grain
        self.pitch = float(np.exp(rng.normal(0.0, 0.18)))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One short movement that begins at once."""
        count = count_of(0.18 + 0.5 * (1 - self.play.speed))
        motion = decay(count, 1.4 * count / SAMPLE_RATE)
        return self._rubbed(rng, motion * (0.5 + 0.5 * stroke.strength))

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Movements that come and go, as a hand, a hinge or a hull moves."""
        motion = self._motion(stretch, rng)
        return np.stack([self._rubbed(rng, motion) for _ in range(stretch.channels)])

    def _motion(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Speed of the rubbing, 0 to 1: strokes for sawing, bouts for a creak, pulls for a drag."""
        count = stretch.count
        if self.play.variant in ("saw", "grind", "wipe"):
            rate = 0.8 + 1.6 * self.play.speed
            phase = np.cumsum(rate * (1 + 0.08 * drift(rng, count, 0.8))) / SAMPLE_RATE
            back = 0.55 + 0.45 * (np.floor(phase) % 2)
            stroke: Wave = back * np.abs(np.sin(np.pi * phase)) ** 0.6
            return stroke
        if self.play.variant in ("creak", "squeak"):
            return self._bouts(count, rng)
        pulse = 0.62 + 0.35 * drift(rng, count, 1.2 + 2.5 * self.play.speed)
        jerks = 1 + 0.5 * drift(rng, count, 18.0)
        pulled = np.clip(pulse * jerks, 0.1, 1.2)
        return pulled if count > 4 * SAMPLE_RATE else pulled * arch(count, 0.4, 0.35)

    def _bouts(self, count: int, rng: np.random.Generator) -> Wave:
        """Weight is shifted, held, and shifted again: each bout speeds up and is caught."""
        motion = np.full(count, 0.0)
        longest = 0.28 if self.play.variant == "squeak" else 0.9
        at = 0
        while at < count:
            part = count_of(longest * rng.uniform(0.4, 1.1) * (1.3 - 0.6 * self.play.speed))
            shape = arch(part, rng.uniform(0.35, 0.8), 0.8) * rng.uniform(0.5, 1.0)
            mix_at(motion, shape, at)
            at += part + count_of(rng.exponential(0.35) * (1.2 - self.play.speed))
        bouts: Wave = np.maximum(motion, 0.02)
        return bouts

    def _skid(self, rng: np.random.Generator, motion: Wave) -> Wave:
        """Tread blocks of four tyres slip each at their own rate: a choir, with rubbed rubber.

        Lines of a recorded drift lie around 1 kHz, over noise that falls from there.
        """
        rub, count = self.rub, motion.size
        out = np.zeros(count)
        for _ in range(4):
            wander = 2.0 ** (
                rub.wander * 0.3 * drift(rng, count, 3.0) + 0.02 * drift(rng, count, 30)
            )
            bend = rub.low_hz + (rub.high_hz - rub.low_hz) * motion
            rate = bend * self.pitch * float(np.exp(rng.normal(0.0, 0.12))) * wander
            level = np.clip(0.7 + 0.5 * drift(rng, count, 2.5), 0.0, 1.5)
            train = slips(rng, rate, rub.jitter, motion * level)
            out += unit_rms(bandpass(train, 700.0, 2400.0))
        rough = bandpass(noise(rng, count), 250.0, 1400.0) * motion
        return unit_rms(out) + rub.noise * unit_rms(rough)

    def _rubbed(self, rng: np.random.Generator, motion: Wave) -> Wave:
        if self.play.variant == "tyre":
            return self._skid(rng, motion)
        rub, count = self.rub, motion.size
        wander = 2.0 ** (rub.wander * 0.3 * drift(rng, count, 2.5))
        top = rub.low_hz * (rub.high_hz / rub.low_hz) ** (0.25 + 0.75 * self.play.speed)
        pitch = self.pitch * float(np.exp(rng.normal(0.0, 0.12)))
        rate = (rub.low_hz + (top - rub.low_hz) * motion) * wander * pitch
        if self.play.variant == "squeak":  # as a hand presses, the pitch bends with the speed
            rate = rate * (0.6 + 0.8 * motion)
        train = slips(rng, rate, rub.jitter, motion**0.8)
        creaks = self.play.variant == "creak"
        voice = resonance(self.body, rng.uniform(0.2, 0.45), 0.00012 if creaks else 0.0004, 0.4)
        wet = unit_rms(scipy.signal.fftconvolve(train, voice)[:count])
        if rub.noise > 0:
            rough = noise(rng, count) * motion
            scrape = scipy.signal.fftconvolve(rough, voice)[:count]
            air = bandpass(rough, 700, 4000 + 6000 * self.roughness)
            wet = wet + rub.noise * (0.7 * unit_rms(scrape) + 0.45 * unit_rms(air))
        return wet
