"""Trains: rolling rumble, wheels over joints, flanges that squeal.

Rolling noise is roughness filtered by wheel and rail: a broad hump from 300 Hz to 3 kHz that
moves up with speed (D. J. Thompson, *Railway Noise and Vibration*, 2009, ch. 2 and 5); joints
give impacts in the rhythm of bogies, two axles and then two more.
"""

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch
from foley_designer.generator.synth.physics.bands import Bands
from foley_designer.generator.synth.physics.bands import blow as blow_of
from foley_designer.generator.synth.physics.contact import strike, thump
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build, doubled
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    drift,
    mix_at,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise, slope
from foley_designer.generator.synth.play import Play

_JOINT = Bands(
    (-8, -2, 0, -2, -4, -8, -14, -22, -32),
    (0.25, 0.22, 0.18, 0.15, 0.13, 0.11, 0.09, 0.07, 0.06),
)


class Train:
    """One train on jointed track."""

    AXLES_M = (0.0, 2.5, 15.0, 17.5)
    """Where a wagon of 20 m has its axles."""

    def __init__(self, play: Play, rng: np.random.Generator) -> None:
        self.play = play
        steel = MATERIALS["steel"]
        self.rail = build(steel, 0.62, rng, Shape.BAR, 10, damping=16.0)
        self.wheel = doubled(build(steel, 0.42, rng, Shape.SHELL, 10, damping=5.0), rng)

    def clack(self, rng: np.random.Generator) -> Wave:
        """One axle over a joint."""
        out = np.zeros(count_of(0.35))
        blow = strike(rng, self.rail, 0.0011, spread=0.15, grain=0.5, longest_s=0.3)
        mix_at(out, unit_peak(blow), 0, 0.3)
        mix_at(out, unit_peak(blow_of(rng, _JOINT)), 0, 1.0)
        ringing = strike(rng, self.wheel, 0.0006, spread=0.2, grain=0.2, longest_s=0.3)
        mix_at(out, unit_peak(ringing), 0, 0.3)
        mix_at(out, unit_peak(thump(rng, 74, 0.13, 0.002)), 0, 1.0)
        return out

    def run(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It rolls."""
        metres_s = 8.0 + 32.0 * self.play.speed
        rumble = unit_rms(self._rolling(rng, stretch, metres_s))
        clacks = np.zeros(stretch.count)
        for start in self._joints(rng, stretch.count, metres_s):
            mix_at(clacks, self.clack(rng), start, rng.uniform(0.6, 1.0))
        squeal = self._squeal(rng, stretch.count)
        return rumble + 0.8 * unit_rms(clacks) + 0.25 * squeal

    def _joints(self, rng: np.random.Generator, count: int, metres_s: float) -> list[int]:
        """When axles meet the joint nearest to the ear."""
        length_s = 20.0 / metres_s
        wagons = np.arange(-1, int(count / SAMPLE_RATE / length_s) + 2)
        axles = np.array(self.AXLES_M) / metres_s
        seconds = (wagons[:, None] * length_s + axles).ravel() + rng.uniform(0, length_s)
        seconds += rng.normal(0, 0.006, seconds.size)
        return [int(s * SAMPLE_RATE) for s in seconds if 0 <= s * SAMPLE_RATE < count]

    def _rolling(self, rng: np.random.Generator, stretch: Stretch, metres_s: float) -> Wave:
        fast = metres_s / 25.0

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            sway = np.exp(0.22 * drift(rng, frames, 1.4, hop))[:, None]
            body = 0.9 * slope(frequencies, 130.0, 1.1)
            wheel = bell(frequencies, 480 * fast**0.5, 0.8) + 0.6 * bell(
                frequencies, 1500 * fast**0.3, 0.9
            )
            air = 0.02 * bell(frequencies, 4200.0, 0.9)
            return (1.1 * body + 0.55 * wheel + air) * sway * rise(frequencies, 35.0, 1.0)

        return paint(rng, stretch.channels, stretch.count, colour, 2048)

    def _squeal(self, rng: np.random.Generator, count: int) -> Wave:
        """A flange sings now and then, on two or three of its modes."""
        level = np.clip(drift(rng, count, 0.35) - 1.0, 0.0, None) ** 2
        out = np.zeros(count)
        for hz in rng.uniform(1900, 4800, 3):
            phase = np.cumsum(hz * (1 + 0.004 * drift(rng, count, 3.0))) / SAMPLE_RATE
            out += np.sin(2 * np.pi * phase) * np.clip(1 + 0.5 * drift(rng, count, 8.0), 0, 2)
        return out * level
