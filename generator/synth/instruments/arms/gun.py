"""Gunshots: mechanism, muzzle blast, the report of the place, and a rifle's shock wave.

R. C. Maher, *Modeling and Signal Processing of Acoustic Gunshot Recordings* (IEEE DSP Workshop
2006): muzzle blast of 1 to 3 ms (a Friedlander wave), ballistic N-wave when the bullet is faster
than sound, ground reflection a few milliseconds later, and the mechanism's clicks.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.generator.synth.instruments.arms.blast import friedlander
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.instruments.nature.thunder import n_wave
from foley_designer.generator.synth.physics.bands import Bands, blows
from foley_designer.generator.synth.physics.contact import strike, thump
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    highpass,
    mix_at,
    noise,
    unit_peak,
)
from foley_designer.generator.synth.words import Words


class _Gun(NamedTuple):
    """A weapon."""

    blast_s: float
    boom_hz: float
    boom: float
    crack: float
    """Supersonic shock."""
    tail_s: float
    action: float
    """Level of the mechanism."""
    interval_s: float
    field: float = 1.0
    """Level of what the place gives back."""


_FIELD = Bands(
    (-11, 0, 0, -5, -8, -11, -12, -12, -16),
    (0.6, 1.2, 1.1, 1.3, 1.3, 1.1, 1.0, 0.8, 0.4),
    rise_s=0.004,
)
"""What fields and houses give back of a shot (median of five pistols and muskets outdoors)."""
_PLACES = {"room": 0.45, "city": 1.1, "forest": 0.9}
"""How long that lasts, against an open field."""

_GUNS: dict[str, _Gun] = {
    "pistol": _Gun(0.0011, 125, 0.55, 0.0, 0.9, 0.10, 0.45),
    "rifle": _Gun(0.0014, 95, 0.7, 0.8, 1.5, 0.06, 1.4),
    "shotgun": _Gun(0.0026, 72, 0.95, 0.0, 1.4, 0.07, 1.3),
    "machine_gun": _Gun(0.0012, 100, 0.6, 0.4, 0.45, 0.12, 0.085),
    "silenced": _Gun(0.0030, 160, 0.3, 0.0, 0.16, 0.5, 0.6),
    "cannon": _Gun(0.0065, 48, 1.2, 0.0, 2.2, 0.02, 3.0),
}


class Gunshot(Rhythmic):
    """One weapon in one place."""

    words: ClassVar[Words] = Words(
        variants=tuple(_GUNS), surfaces=("field", "city", "room", "forest"), materials=("steel",)
    )

    @property
    def interval_s(self) -> float:
        """By the weapon's own rate."""
        return _GUNS[self.play.variant].interval_s * (1.4 - 0.8 * self.play.speed)

    def prepare(self, rng: np.random.Generator) -> None:
        """The weapon's action, and where its surroundings reflect."""
        self.gun = _GUNS[self.play.variant]
        self.action = build(MATERIALS["steel"], 0.4, rng, Shape.PLATE, 16, damping=14.0)
        reach = {"room": 0.018, "city": 0.08, "forest": 0.07}.get(self.play.surface, 0.10)
        self.echoes = np.cumsum(rng.exponential(reach, 7)) + 0.25 * reach

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One shot."""
        gun, scale = self.gun, 2.0 ** (0.8 * (self.play.size - 0.5))
        count = count_of(gun.tail_s * 1.3 + 0.4)
        muzzle = np.zeros(count_of(0.12))
        mix_at(muzzle, friedlander(gun.blast_s * scale * float(np.exp(rng.normal(0, 0.06)))), 0)
        gas = bandpass(noise(rng, muzzle.size), 400, 11_000)
        mix_at(muzzle, unit_peak(gas * burst(muzzle.size, 0.0002, 0.05 * scale)), 0, 0.8)
        boom = thump(rng, gun.boom_hz / scale, 0.12 * scale, 0.0012, drop=2.0)
        mix_at(muzzle, unit_peak(boom), 0, gun.boom)
        if self.play.variant == "silenced":
            muzzle = 0.5 * muzzle + 0.5 * unit_peak(bandpass(muzzle, 500, 2500))
        out = np.zeros(count)
        if gun.crack > 0:
            mix_at(out, highpass(n_wave(0.00035), 400.0), 0, gun.crack)
        mix_at(out, muzzle, 0)
        ground = count_of(rng.uniform(0.003, 0.006))
        mix_at(out, muzzle, ground, 0.35)
        self._report(out, rng)
        self._cycle(out, rng)
        return np.tanh((0.9 + 0.8 * stroke.strength) * out)

    def _report(self, out: Wave, rng: np.random.Generator) -> None:
        """The place answers at once and all around, here and there a little later and stronger."""
        if self.play.variant == "silenced":
            return
        times = np.concatenate([[0.0], self.echoes])
        levels = np.exp(-1.5 * times / self.gun.tail_s) * rng.uniform(0.25, 0.7, times.size)
        levels[0] = 1.0
        lasts = self.gun.tail_s / 1.1 * _PLACES.get(self.play.surface, 1.0)
        field = blows(rng, out.size, times, levels, _FIELD.lasting(lasts))
        mix_at(out, unit_peak(field), 0, 0.6 * self.gun.field)

    def _cycle(self, out: Wave, rng: np.random.Generator) -> None:
        """The action throws the case out and closes again."""
        for delay, level in ((0.022, 0.7), (0.058, 1.0)):
            tick = strike(rng, self.action, 0.0003, spread=0.2, grain=0.6, longest_s=0.12)
            at = count_of(delay * rng.uniform(0.85, 1.2))
            mix_at(out, unit_peak(tick), at, level * self.gun.action)
