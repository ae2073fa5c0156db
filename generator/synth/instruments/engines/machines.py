"""Household and workshop machines that run: a motor, the air that it moves, and what it strikes.

A machine is heard by the lines of its motor (slots and commutator at multiples of its speed), by
the noise of its air, whose level follows flow and whose colour follows the opening, and by blows
in the rhythm of its mechanism (R. H. Lyon, *Machinery Noise and Diagnostics*, 1987, ch. 2 and 6).
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.bands import Bands, dense
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    count_of,
    decay,
    drift,
    rms,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, slope
from foley_designer.generator.synth.words import Words

_CLACK = Bands(
    (-30, -18, -9, -3, 0, -1, -3, -7, -15),
    (0.10, 0.09, 0.07, 0.05, 0.04, 0.04, 0.03, 0.03, 0.03),
)
_THUD = Bands(
    (-6, 0, -2, -6, -12, -18, -25, -32, -40),
    (0.25, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05, 0.05, 0.05),
    rise_s=0.004,
)
_HOOK = Bands(
    (-40, -28, -16, -8, -3, 0, -1, -4, -12),
    (0.06, 0.05, 0.045, 0.04, 0.035, 0.03, 0.03, 0.025, 0.02),
)
_BLAST = Bands(
    (-20, -10, -4, -1, 0, -1, -2, -5, -10),
    (0.05, 0.05, 0.04, 0.035, 0.03, 0.03, 0.025, 0.02, 0.02),
)


class Machine(NamedTuple):
    """How a machine runs. Levels are relative to one another."""

    speed_hz: float
    """Turns a second of its motor."""
    lines: int
    """How many multiples of that are heard."""
    line_slope: float
    """How they fall: level of the n-th is n to the minus this."""
    motor: float
    air_hz: float
    """Where the noise of its air is centred."""
    air_octaves: float
    air: float
    whine: float = 0.0
    """Level of the commutator's or the gears' line, so many turns up."""
    whine_order: int = 12
    beat_hz: float = 0.0
    """Blows a second of its mechanism."""
    beat: float = 0.0
    beat_bands: Bands = _CLACK
    unsteady: float = 0.01
    """How far its speed wanders."""
    load_hz: float = 0.0
    """How often load comes and goes."""
    load: float = 0.0
    """By how much it slows the motor, relative."""


_MACHINES: dict[str, Machine] = {
    "motor": Machine(49, 14, 0.9, 1.0, 900, 1.2, 0.35, 0.25, 24),
    "fan": Machine(78, 5, 1.2, 0.5, 300, 1.5, 1.0, 0.05, 4, unsteady=0.002),
    "vacuum": Machine(245, 24, 0.5, 0.8, 2400, 1.35, 1.0, 0.5, 4, unsteady=0.004),
    "hair_dryer": Machine(190, 20, 0.7, 0.45, 2300, 1.1, 1.0, 0.25, 5, unsteady=0.004),
    "blender": Machine(210, 30, 0.55, 1.0, 2200, 1.2, 0.6, 0.3, 6, 42, 0.5, unsteady=0.03,
                       load_hz=1.6, load=0.12),
    "drill": Machine(60, 40, 0.35, 1.0, 3000, 1.1, 0.35, 0.6, 19, unsteady=0.02, load_hz=0.5,
                     load=0.07),
    "jackhammer": Machine(30, 8, 1.0, 0.2, 1600, 1.4, 0.4, beat_hz=17, beat=1.6,
                          beat_bands=_BLAST, unsteady=0.02),
    "washing_machine": Machine(13, 16, 0.9, 0.8, 320, 1.4, 0.8, 0.2, 26, 0.9, 0.8, _THUD,
                               0.01, 0.5, 0.1),
    "sewing_machine": Machine(95, 12, 1.0, 0.4, 1300, 1.2, 0.3, 0.15, 8, 13, 1.3, _HOOK, 0.03,
                              0.35, 0.3),
    "lift": Machine(24, 24, 0.6, 1.2, 260, 1.3, 0.6, 0.3, 30, unsteady=0.002),
    "printer": Machine(110, 12, 0.7, 0.5, 2400, 1.1, 0.45, 0.4, 7, 9, 0.7, _CLACK, 0.01),
}  # fmt: skip


class Running(Sustained):
    """One machine. A stretch runs it; a hit switches it on for a moment."""

    words: ClassVar[Words] = Words(
        variants=tuple(_MACHINES), surfaces=("plain",), materials=("steel", "plastic")
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """This one's speed and the resonances of its case."""
        self.machine = _MACHINES[self.play.variant]
        scale = 2.0 ** (0.9 * (0.5 - self.play.size) + 0.5 * (self.play.speed - 0.5))
        self.speed_hz = self.machine.speed_hz * scale * float(np.exp(rng.normal(0, 0.05)))
        self.case = np.exp(rng.normal(0, 0.5, self.machine.lines))
        self.formants = np.exp(rng.uniform(np.log(250), np.log(4500), 4))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """It runs up and down again."""
        count = count_of(1.4)
        wave: Wave = self.span(Stretch(count, stroke.strength), rng)[0]
        return wave * attack(count, 0.003) * decay(count, 2.4)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It runs."""
        machine, count = self.machine, stretch.count
        pace = 1.0 + machine.unsteady * (drift(rng, count, 0.7) + 0.5 * drift(rng, count, 5.0))
        if machine.load > 0:
            pace *= 1.0 - machine.load * np.clip(drift(rng, count, machine.load_hz) + 0.4, 0, 1.2)
        if self.play.variant == "printer":
            pace *= self._lines_and_feeds(rng, count)
        turns = np.cumsum(self.speed_hz * pace) / SAMPLE_RATE
        motor = unit_rms(self._motor(rng, turns)) * machine.motor
        out = unit_rms(self._air(rng, stretch, pace)) * machine.air + motor
        if machine.whine > 0:
            sway = np.clip(1 + 0.3 * drift(rng, count, 8.0), 0.2, 2)
            out += machine.whine * sway * np.sin(2 * np.pi * machine.whine_order * turns)
        if machine.beat > 0:
            out += machine.beat * unit_rms(self._beats(rng, pace))
        level = np.clip(pace, 0.0, 1.5) ** 1.5
        running: Wave = out * level
        return running / max(rms(running), 1e-9)

    def _motor(self, rng: np.random.Generator, turns: Wave) -> Wave:
        """Multiples of its speed, each through the case, swaying a little."""
        out = np.zeros(turns.size)
        for order in range(1, self.machine.lines + 1):
            hz = order * self.speed_hz
            if hz > 12_000:
                break
            near = np.exp(-2.0 * np.log2(hz / self.formants) ** 2).sum()
            level = self.case[order - 1] * (0.3 + near) / order**self.machine.line_slope
            sway = np.clip(1 + 0.3 * drift(rng, turns.size, 6.0), 0.1, 2)
            out += level * sway * np.sin(2 * np.pi * order * turns + order)
        return out

    def _air(self, rng: np.random.Generator, stretch: Stretch, pace: Wave) -> Wave:
        """Flow noise; it roars with the speed, and in the rhythm of the turns a little."""
        machine, last = self.machine, pace.size - 1

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, last)
            here = pace[at][:, None]
            hum = slope(frequencies, 0.4 * machine.air_hz, 1.0)
            return bell(frequencies, machine.air_hz * here, machine.air_octaves) + 0.4 * hum

        return paint(rng, stretch.channels, stretch.count, colour)

    def _beats(self, rng: np.random.Generator, pace: Wave) -> Wave:
        """Blows of what it drives, none like the one before."""
        phase = np.cumsum(self.machine.beat_hz * pace * (0.7 + 0.6 * self.play.speed)) / SAMPLE_RATE
        at = np.flatnonzero(np.diff(np.floor(phase), prepend=-1.0) > 0)
        loose_s = 0.0006 if self.machine.beat_bands is _HOOK else 0.004  # shafts keep their time
        at = at + rng.integers(0, count_of(loose_s), at.size)
        energy = np.zeros(pace.size)
        inside = at < pace.size
        energy[at[inside]] = np.exp(rng.normal(0, 0.5, int(inside.sum())))
        return dense(rng, energy, self.machine.beat_bands)

    def _lines_and_feeds(self, rng: np.random.Generator, count: int) -> Wave:
        """A print head that runs and turns, and paper that is fed between."""
        knots_s, speeds, at = [0.0], [0.9], 0.0
        while at * SAMPLE_RATE < count:
            run, feed = rng.uniform(0.35, 0.7), rng.uniform(0.12, 0.25)
            speed = rng.uniform(0.9, 1.2)
            knots_s += [at + 0.05, at + run, at + run + 0.04, at + run + feed]
            speeds += [speed, speed, rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.6)]
            at += run + feed
        return np.interp(np.arange(count) / SAMPLE_RATE, knots_s, speeds)
