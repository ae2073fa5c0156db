"""Vehicles: engines by firing order, tyres, rails, rotors. The pass-by is placement's work.

The engine follows S. Baldan, H. Lachambre, S. Delle Monache, P. Boussard, *Physically Informed
Car Engine Sound Synthesis for Virtual and Augmented Environments* (IEEE SIVE 2015): each cylinder
fires at its own angle of the four-stroke cycle, through pipes that resonate, with intake and
mechanical noise in the same rhythm; Farnell, *Designing Sound*, ch. 45. Tyre noise peaks near 1
kHz and grows by about 9 dB for a doubling of speed (U. Sandberg and J. Ejsmont, *Tyre/Road Noise
Reference Book*, 2002).
"""

from typing import ClassVar, NamedTuple

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.engines.rotor import Rotor
from foley_designer.generator.synth.instruments.engines.train import Train
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.pulses import pulse_train
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    bandpass,
    count_of,
    decay,
    drift,
    noise,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, slope
from foley_designer.generator.synth.words import Words


class Motor(NamedTuple):
    """An engine and what it drives."""

    cylinders: int
    idle_rpm: float
    top_rpm: float
    pipe_hz: float
    """Lowest resonance of the exhaust."""
    sharp_hz: float
    """Where the pulses' spectrum begins to fall: muffled to harsh."""
    uneven: float
    """Difference between cylinders."""
    exhaust: float
    intake: float
    clatter: float
    tyres: float
    two_stroke: bool = False
    wander: float = 0.012
    """How far the speed drifts."""
    gears: bool = False
    """Whether it is heard to climb and to shift."""
    rough: float = 1.0
    """How far its cycles differ, against `_CYCLES_DIFFER` and `_CYCLES_STRAY`: tuned engines do."""
    gated: float = 0.6
    """How far noise follows the rhythm of the cylinders: ground, body and air smear it before it
    is heard, a large body most (0.1 to 0.3 of modulation over 12 Hz in recorded engines)."""


MOTORS: dict[str, Motor] = {
    "car": Motor(4, 900, 3400, 95, 350, 0.18, 0.65, 0.35, 0.10, 1.0),
    "truck": Motor(6, 600, 1900, 62, 480, 0.22, 1.1, 0.4, 0.45, 0.9, gated=0.35),
    "motorcycle": Motor(2, 950, 5200, 130, 900, 0.12, 1.2, 0.35, 0.25, 0.25, gears=True),
    "race": Motor(
        8,
        2200,
        9000,
        150,
        2600,
        0.20,
        1.5,
        1.0,
        0.3,
        0.5,
        wander=0.01,
        gears=True,
        rough=2.0,
        gated=1.0,
    ),
    "boat": Motor(4, 700, 2800, 70, 300, 0.25, 0.9, 0.3, 0.25, 0.0),
    "aircraft": Motor(6, 1800, 2700, 85, 450, 0.08, 1.1, 0.9, 0.1, 0.0),
    "tractor": Motor(3, 550, 1700, 70, 700, 0.25, 1.1, 0.3, 0.6, 0.2, gated=0.35),
    "idle": Motor(4, 780, 3400, 95, 700, 0.18, 1.0, 0.8, 0.5, 0.0, wander=0.02, gated=0.3),
    "lawnmower": Motor(1, 2600, 3300, 170, 1100, 0.10, 1.0, 0.6, 0.5, 0.0, wander=0.008),
    "chainsaw": Motor(1, 2800, 12_500, 560, 3200, 0.05, 1.2, 0.6, 0.5, 0.0, True, 0.03, gears=True),
}


_CYCLES_DIFFER, _CYCLES_STRAY = 0.05, 0.0015
"""Spread of a cylinder's pressure from cycle to cycle, relative, and of its time, in cycles. Lines
of recorded engines stand 4 to 9 dB over what lies between them; twice the spread drowns them."""
_ROARS = {"boat": 0.8, "lawnmower": 0.8, "chainsaw": 0.2, "race": 0.15}
"""Level of what block and air radiate against the exhaust: most under a hull or a mower's deck."""


def firing(rng: np.random.Generator, motor: Motor, rpm: Wave, cylinders: Wave) -> tuple[Wave, Wave]:
    """Exhaust pressure of all cylinders, and the rhythm that modulates noise.

    Cylinders differ by a fixed amount and each cycle by a little: half orders appear, as in life.
    """
    cycles = np.cumsum(rpm / 60.0 * (1.0 if motor.two_stroke else 0.5)) / SAMPLE_RATE
    turns = cycles.astype(np.int64)
    rate_hz = float(cycles[-1] * SAMPLE_RATE / rpm.size)
    angles = np.arange(motor.cylinders) / motor.cylinders
    if motor.cylinders == 2:
        angles = np.array([0.0, 0.4375])
    pressure = np.zeros(rpm.size)
    for angle, level in zip(angles, cylinders, strict=True):
        each = level * rng.normal(1.0, motor.rough * _CYCLES_DIFFER, int(turns[-1]) + 2)
        late = rng.normal(0.0, motor.rough * _CYCLES_STRAY, int(turns[-1]) + 2)
        shape = pulse_train(cycles + angle + late[turns], rate_hz, motor.sharp_hz)
        pressure += each[turns] * shape
    rhythm = pressure / max(float(pressure.mean()), 1e-9)
    return pressure - pressure.mean(), rhythm


def climb(rng: np.random.Generator, count: int) -> Wave:
    """Speed of an engine in a race, around one: it climbs, shifts up and falls, brakes at times."""
    knots_s, levels, at, level = [0.0], [rng.uniform(0.7, 1.0)], 0.0, 0.8
    while at * SAMPLE_RATE < count:
        at += rng.uniform(1.2, 2.8)
        level = rng.uniform(1.1, 1.25) if rng.uniform() < 0.75 else rng.uniform(0.6, 0.8)
        knots_s += [at, at + 0.12]
        levels += [level, level * rng.uniform(0.66, 0.76) if level > 1 else level]
        at += 0.12
    return np.interp(np.arange(count) / SAMPLE_RATE, knots_s, levels)


def cuts(rng: np.random.Generator, count: int) -> Wave:
    """Speed of a saw, around one: it revs, sags and strains in the wood, races free, falls idle."""
    knots_s, levels, at = [0.0], [rng.uniform(0.6, 1.0)], 0.0
    while at * SAMPLE_RATE < count:
        free = rng.uniform(1.1, 1.25)
        knots_s += [at + 0.25, at + rng.uniform(0.3, 0.7)]
        levels += [free, free]
        at = knots_s[-1] + rng.uniform(1.2, 4.0)
        loaded = rng.uniform(0.62, 0.88)
        knots_s += [knots_s[-1] + 0.3, at]
        levels += [loaded, loaded * rng.uniform(0.9, 1.1)]
        if rng.uniform() < 0.5:
            knots_s += [at + 0.35, at + rng.uniform(0.5, 1.0)]
            levels += [0.45, 0.42]
            at = knots_s[-1]
    strain = 1 + 0.02 * drift(rng, count, 9.0)
    return np.interp(np.arange(count) / SAMPLE_RATE, knots_s, levels) * strain


def pipe(rng: np.random.Generator, hz: float, seconds: float = 0.12) -> Wave:
    """Response of exhaust, muffler and body: a few odd modes and a short diffuse tail."""
    count = count_of(seconds)
    t = np.arange(1, count + 1) / SAMPLE_RATE
    out = np.zeros(count)
    for order in (1, 3, 5, 7, 10, 14):
        f = hz * order * rng.uniform(0.92, 1.08)
        out += np.sin(2 * np.pi * f * t) * np.exp(-t * (80 + 0.35 * f)) / order**0.6
    out += 0.5 * bandpass(noise(rng, count), 120, 2500) * decay(count, 0.12)
    out[0] += 1.5
    return out


class Vehicle(Sustained):
    """One vehicle. A stretch drives; a hit revs, or sounds its bell."""

    words: ClassVar[Words] = Words(
        variants=(*MOTORS, "train", "helicopter", "bicycle"),
        surfaces=("asphalt", "gravel", "dirt", "rails", "water"),
        materials=("steel",),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Pipes and cylinders of this one vehicle."""
        variant = self.play.variant
        self.motor = MOTORS.get(variant, MOTORS["car"])
        scale = 2.0 ** (0.9 * (0.5 - self.play.size))
        self.pipe = pipe(rng, self.motor.pipe_hz * scale * float(np.exp(rng.normal(0, 0.15))))
        self.train = Train(self.play, rng) if variant == "train" else None
        self.rotor = Rotor(self.play, rng) if variant == "helicopter" else None
        self.cylinders = rng.normal(1.0, self.motor.uneven, self.motor.cylinders)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """A short rev that begins at once; a train's or a bicycle's wheel instead."""
        count = count_of(1.0)
        if self.train is not None:
            return self.train.clack(rng)
        if self.rotor is not None:
            flown: Wave = self.rotor.run(Stretch(count, 1.0), rng)[0]
            return flown * attack(count, 0.002)
        if self.play.variant == "bicycle":
            return self._freewheel(rng, Stretch(count, 1.0)) * decay(count, 0.9)
        low, high = self.motor.idle_rpm, self.motor.top_rpm
        rev = attack(count, 0.25) * decay(count, 2.2)
        rpm = (low + (0.4 + 0.5 * stroke.strength) * (high - low) * rev) * rng.uniform(0.9, 1.1)
        wave = self._engine(rng, rpm, 0.8)
        return wave * attack(count, 0.001) * decay(count, 1.5)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It drives, at the speed it is told."""
        if self.train is not None:
            return self.train.run(stretch, rng)
        if self.rotor is not None:
            return self.rotor.run(stretch, rng)
        if self.play.variant == "bicycle":
            wave = self._freewheel(rng, stretch)
            road = self._tyres(rng, stretch)[0]
            return np.repeat((unit_rms(wave) + 0.7 * unit_rms(road))[None], stretch.channels, 0)
        count, motor = stretch.count, self.motor
        load = float(np.clip(0.35 + 0.4 * stretch.intensity + 0.3 * (self.play.force - 0.6), 0, 1))
        pull = 0.15 + 0.75 * self.play.speed if self.play.variant != "idle" else 0.04
        wander = 1 + motor.wander * (drift(rng, count, 0.4) + 0.4 * drift(rng, count, 3.0))
        if motor.gears:
            wander = wander * (climb if self.play.variant != "chainsaw" else cuts)(rng, count)
        rpm = (motor.idle_rpm + pull * (motor.top_rpm - motor.idle_rpm)) * wander
        engine = self._engine(rng, rpm, load)
        out = np.repeat(unit_rms(engine)[None], stretch.channels, axis=0)
        out *= motor.exhaust * (1.25 - 0.55 * self.play.speed * (motor.tyres > 0))
        if motor.tyres > 0:
            road = unit_rms(self._tyres(rng, stretch))
            out += motor.tyres * (0.25 + 1.1 * self.play.speed) * road
        if self.play.variant in ("boat", "aircraft"):
            out += 0.9 * unit_rms(self._medium(rng, stretch))
        roar = _ROARS.get(self.play.variant, 0.3)
        return out + roar * motor.exhaust * unit_rms(self._roar(rng, stretch))

    def _roar(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """What block, bonnet and the air around them radiate: low, broad, hardly in the rhythm."""

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            sway = np.exp(0.15 * drift(rng, frames, 2.0, hop))[:, None]
            body = slope(frequencies, 150.0, 1.1)
            return (body + 0.45 * bell(frequencies, 600.0, 1.3)) * sway

        return paint(rng, stretch.channels, stretch.count, colour)

    def _engine(self, rng: np.random.Generator, rpm: Wave, load: float) -> Wave:
        motor = self.motor
        pressure, rhythm = firing(rng, motor, rpm, self.cylinders)
        exhaust = unit_rms(
            scipy.signal.fftconvolve(np.tanh((0.6 + 1.4 * load) * pressure), self.pipe)[: rpm.size]
        )
        gate = (1.0 - motor.gated) + motor.gated * np.clip(rhythm, 0, 6) ** 0.7
        air = noise(rng, rpm.size) * gate
        intake = unit_rms(bandpass(air, 180, 1800))
        knock = noise(rng, rpm.size) * gate**2
        if motor.two_stroke:  # A saw's chain has hundreds of links a second.
            knock = noise(rng, rpm.size) * np.clip(1 + 0.3 * drift(rng, rpm.size, 40.0), 0, 2)
        clatter = unit_rms(bandpass(knock, 900, 3800))
        # Body panels and air around them shake along: low noise in the rhythm of the cylinders.
        shake = unit_rms(bandpass(air, 60, 420))
        load_noise = motor.intake * (0.15 + 0.35 * load) * intake
        mixed: Wave = exhaust + load_noise + motor.clatter * (0.3 + 0.4 * load) * clatter
        mixed += 0.3 * shake
        mixed *= (rpm / rpm.mean()) ** 1.5
        return mixed

    def _tyres(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """Road noise; loose surfaces are rougher and darker."""
        speed = self.play.speed
        loose = self.play.surface in ("gravel", "dirt")

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            rough = np.exp((0.5 if loose else 0.12) * drift(rng, frames, 12.0, hop))[:, None]
            tread = 0.5 * bell(frequencies, 650 + 350 * speed, 0.8)
            low = slope(frequencies, 140.0 + 80 * speed, 1.25)
            stones = (0.6 if loose else 0.02) * bell(frequencies, 2800.0, 1.0)
            return (tread + low + stones) * rough

        return paint(rng, stretch.channels, stretch.count, colour)

    def _medium(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """Bow water, or the air that a propeller moves."""
        boat = self.play.variant == "boat"
        rate = 1.2 if boat else 6.0

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            surge = np.exp(0.35 * drift(rng, frames, rate, hop))[:, None]
            return bell(frequencies, 1400.0 if boat else 420.0, 1.3) * surge

        return paint(rng, stretch.channels, stretch.count, colour)

    def _freewheel(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """A pawl ticks over its ratchet."""
        count = stretch.count
        rate = (9 + 26 * self.play.speed) * (1 + 0.04 * drift(rng, count, 0.6))
        phase = np.cumsum(rate) / SAMPLE_RATE
        train = np.zeros(count)
        steps = np.flatnonzero(np.diff(np.floor(phase), prepend=-1.0) > 0)
        train[steps] = np.exp(rng.normal(0, 0.15, steps.size))
        tick = bandpass(noise(rng, count_of(0.02)), 2600, 7500) * decay(count_of(0.02), 0.012)
        ticking: Wave = scipy.signal.fftconvolve(train, tick)[:count]
        return ticking
