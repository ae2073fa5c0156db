"""Helicopters: blades that beat the air, a tail rotor that sings, a turbine.

F. H. Schmitz, *Rotor Noise* (in H. H. Hubbard, ed., *Aeroacoustics of Flight Vehicles*, NASA
RP-1258, 1991, ch. 2): each blade that comes towards the listener sends a pulse of its thickness,
about its chord over its tip speed long; where it cuts the vortex of the one before, it slaps.
Turbulence along the blades makes noise whose level swings with every blade. Blades pass 11 times
a second (heavy) to 26 (light); the tail rotor turns about five times as fast as the main one.
"""

from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch
from foley_designer.generator.synth.physics.pulses import pulse_train
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    drift,
    highpass,
    lowpass,
    noise,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import paint, slope
from foley_designer.generator.synth.play import Play


class _Machine(NamedTuple):
    """One helicopter."""

    blades_hz: float
    tail_hz: float
    slap: float
    wash: float
    """Level of turbulence against tones."""
    chop: float
    """How deep the blades cut it, 0 to 1."""
    dark: float
    """Tilt of the turbulence; the way through the air adds to it."""
    whine: tuple[float, ...]
    """Gears and compressor, Hz."""


class Rotor:
    """One helicopter that flies; speed brings slap and pitch, size lowers everything."""

    def __init__(self, play: Play, rng: np.random.Generator) -> None:
        self.play = play
        blades_hz = 17.0 * 2.0 ** (1.3 * (0.5 - play.size)) * rng.uniform(0.9, 1.1)
        self.machine = _Machine(
            blades_hz=blades_hz,
            tail_hz=blades_hz * rng.uniform(4.3, 6.2),
            slap=rng.uniform(0.0, 0.6) * (0.4 + play.speed),
            wash=rng.uniform(0.6, 1.3),
            chop=rng.uniform(0.05, 0.3),
            dark=rng.uniform(0.9, 1.5),
            whine=tuple(np.exp(rng.uniform(np.log(700), np.log(7500), 5)).tolist()),
        )

    def run(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It flies, ``[channels, count]``."""
        count, machine = stretch.count, self.machine
        wander = 1 + 0.006 * drift(rng, count, 0.3)
        beat = np.cumsum(machine.blades_hz * wander) / SAMPLE_RATE + rng.uniform()
        out = unit_rms(self._wash(rng, stretch, beat)) * self.machine.wash
        tones = unit_rms(self._blades(rng, beat)) * 0.4
        tones += 0.42 * unit_rms(self._tail(rng, wander, machine.tail_hz))
        tones += 0.09 * unit_rms(self._whine(rng, wander))
        air = np.exp(0.07 * drift(rng, count, 1.2) + 0.1 * drift(rng, count, 0.25))
        return (out + tones) * air

    def _blades(self, rng: np.random.Generator, beat: Wave) -> Wave:
        """A thickness pulse a blade, and slaps that come and go with the wind."""
        turns = beat.astype(np.int64)
        each = np.exp(rng.normal(0, 0.14, turns[-1] + 2))[turns]
        part = beat - turns
        width = 0.0022 * self.machine.blades_hz
        x = (part - 0.5) / width
        thickness = -x * np.exp(0.5 - 0.5 * x**2)
        slaps = np.exp(rng.normal(-0.4, 0.7, turns[-1] + 2))[turns]
        crack = np.exp(-0.5 * ((part - 0.46) / (0.45 * width)) ** 2)
        slap = bandpass(noise(rng, beat.size), 110, 750) * crack * slaps
        mixed = unit_rms(thickness * each) + 1.2 * self.machine.slap * unit_rms(slap)
        return highpass(lowpass(mixed, 900.0, 1), 28.0, 2)

    def _tail(self, rng: np.random.Generator, wander: Wave, hz: float) -> Wave:
        """A buzz of some twenty harmonics that flutters as the main rotor's wake passes it."""
        rate = hz * wander * (1 + 0.003 * drift(rng, wander.size, 4.0))
        cycles = np.cumsum(rate) / SAMPLE_RATE
        buzz = pulse_train(cycles, hz, 650.0)
        flutter = np.clip(1 + 0.35 * drift(rng, wander.size, 6.0), 0.1, 2.5)
        fluttering: Wave = (buzz - buzz.mean()) * flutter
        return fluttering

    def _whine(self, rng: np.random.Generator, wander: Wave) -> Wave:
        """Gears and compressor: thin lines, the higher the fainter."""
        out = np.zeros(wander.size)
        for hz in self.machine.whine:
            phase = 2 * np.pi * np.cumsum(hz * wander) / SAMPLE_RATE
            swing = np.clip(1 + 0.5 * drift(rng, wander.size, 5.0), 0, 3)
            out += swing * np.sin(phase) * (700.0 / hz) ** 0.5
        return out

    def _wash(self, rng: np.random.Generator, stretch: Stretch, beat: Wave) -> Wave:
        """Turbulence of blades and downwash, and the turbine's roar, in the rhythm of the blades.

        Blades sound strongest when they come towards the listener, and in the highs most.
        """

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, beat.size - 1)
            swing = np.cos(2 * np.pi * (beat[at] - 0.5))[:, None]
            turns = np.exp(0.25 * drift(rng, frames, 9.0, hop))[:, None]
            cut = self.machine.chop
            chop = (1.0 - cut + cut * swing) * turns
            size = 2.0 ** (0.8 * (0.5 - self.play.size))
            blades = slope(frequencies, 260.0 * size, self.machine.dark)
            roar = 0.5 * slope(frequencies, 90.0, 1.2)
            return blades * chop + roar

        return highpass(paint(rng, stretch.channels, stretch.count, colour, 512), 30.0)
