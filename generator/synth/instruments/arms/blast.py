"""Explosions and fireworks: blast wave, fireball, debris, tail.

The blast is a Friedlander wave, p(t) = (1 - t/T)·e^(-bt/T) (F. G. Friedlander, *The Diffraction
of Sound Pulses*, Proc. R. Soc. A 186, 1946; G. F. Kinney and K. J. Graham, *Explosive Shocks in
Air*, 1985); T grows with the cube root of the charge. What follows is convention as much as
physics: a low boom that sinks, a roar that darkens, stones that come down.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blows
from foley_designer.generator.synth.physics.contact import thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    drift,
    lowpass,
    mix_at,
    noise,
    times,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


def friedlander(seconds: float, shape: float = 1.6) -> Wave:
    """Blast pressure over time: a jump to one, then a fall through zero into suction."""
    t = times(count_of(6 * seconds)) / seconds
    wave: Wave = (1.0 - t) * np.exp(-shape * t)
    return wave


_FIREBALL = Bands(
    (0, -4, -9, -12, -12, -15, -21, -29, -38),
    (2.7, 2.5, 2.2, 2.3, 2.4, 2.5, 2.1, 1.2, 0.8),
    rise_s=0.02,
)
"""Roar and echo of a blast (median of four)."""
_BURST = Bands(
    (-8, -2, 0, -3, -6, -8, -10, -14, -20),
    (0.9, 0.9, 1.0, 1.1, 1.1, 1.0, 0.8, 0.6, 0.4),
    rise_s=0.003,
)
"""A firework's: less fire, and the town that answers."""


class _Charge(NamedTuple):
    """What goes off."""

    positive_s: float
    """Length of the overpressure."""
    boom_hz: float
    roar_s: float
    roar: float
    debris: float
    crackle: float
    """Stars of a firework."""


_CHARGES: dict[str, _Charge] = {
    "blast": _Charge(0.010, 46, 2.6, 0.9, 0.6, 0.0),
    "fireworks": _Charge(0.0035, 85, 1.3, 0.55, 0.0, 0.22),
    "cannon": _Charge(0.008, 55, 1.8, 0.7, 0.1, 0.0),
    "firecracker": _Charge(0.0006, 260, 0.35, 0.4, 0.0, 0.1),
    "grenade": _Charge(0.006, 62, 1.8, 0.8, 0.9, 0.0),
    "distant": _Charge(0.030, 38, 3.2, 0.8, 0.0, 0.0),
}


class Explosion(Rhythmic):
    """One kind of charge, at some size."""

    words: ClassVar[Words] = Words(
        variants=tuple(_CHARGES),
        surfaces=("dirt", "concrete", "water", "metal"),
        materials=("stone", "wood", "glass", "steel"),
    )

    @property
    def interval_s(self) -> float:
        """Between explosions of a series."""
        return float(2.6 * 0.3**self.play.speed)

    @property
    def unevenness(self) -> float:
        """A barrage has no beat."""
        return 0.6

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One explosion."""
        charge = _CHARGES[self.play.variant]
        scale = 2.0 ** (1.4 * (self.play.size - 0.5)) * float(np.exp(rng.normal(0, 0.08)))
        far = self.play.variant == "distant"
        count = count_of(charge.roar_s * (1.0 + 0.6 * self.play.size) + 0.6)
        out = np.zeros(count)
        pressure = friedlander(charge.positive_s * scale)
        mix_at(out, lowpass(pressure, 400.0, 1) if far else pressure, 0, 1.0)
        boom = thump(rng, charge.boom_hz / scale, 0.55 * scale + 0.15, 0.002, drop=2.2)
        mix_at(out, unit_peak(boom), 0, 0.85)
        if not far:
            crack = bandpass(noise(rng, count), 300, 9000) * burst(count, 0.0003, 0.16 * scale)
            mix_at(out, unit_peak(crack), 0, 0.7 * (0.4 + 0.6 * stroke.strength))
        mix_at(out, self._roar(rng, charge, count, scale), 0, 1.6 * charge.roar)
        if charge.debris > 0 and stroke.strength > 0.25:
            mix_at(out, self._debris(rng, count), 0, 0.14 * charge.debris)
        if charge.crackle > 0:
            mix_at(out, self._stars(rng, count), 0, 0.28 * charge.crackle)
        return np.tanh(1.1 * out)

    def _roar(self, rng: np.random.Generator, charge: _Charge, count: int, scale: float) -> Wave:
        """Fireball and echo: dense from the first moment, in surges, the highs dying first."""
        small = charge.positive_s < 0.005
        bands = (_BURST if small else _FIREBALL).lasting(charge.roar_s / (1.3 if small else 2.6))
        at = np.concatenate([[0.0], np.cumsum(rng.exponential(0.09 * scale, 9))])
        levels = np.exp(-1.6 * at / charge.roar_s) * rng.uniform(0.2, 0.9, at.size)
        levels[0] = 1.0
        roar = blows(rng, count, at, levels, bands.tilted(-1.5 * np.log2(scale)))
        return unit_peak(roar * np.exp(0.25 * drift(rng, count, 9.0)))

    def _debris(self, rng: np.random.Generator, count: int) -> Wave:
        """Earth and stones come down, the small ones last."""
        t = times(count)
        rate = 420 * np.exp(-(((t - 0.75) / 0.4) ** 2)) * (0.4 + self.play.size)
        low, high = {"glass": (2500, 11_000), "wood": (400, 3500), "steel": (900, 7000)}.get(
            self.play.material, (350, 5000)
        )
        return unit_peak(crush(rng, rate, low, high, 0.003, 1.5))

    def _stars(self, rng: np.random.Generator, count: int) -> Wave:
        """Crackling stars after the burst, thinning out."""
        t = times(count)
        rate = 240 * np.exp(-(((t - 0.55) / 0.35) ** 2))
        snaps = crush(rng, rate, 1200, 9000, 0.0009, 1.2)
        body = crush(rng, 0.3 * rate, 250, 1200, 0.003, 1.4)
        return unit_peak(unit_rms(snaps) + 0.5 * unit_rms(body))
