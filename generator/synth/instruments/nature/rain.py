"""Rain: drops on what they fall on, near ones heard singly over the wash of the far ones.

Drop sizes follow J. S. Marshall and W. McK. Palmer, *The Distribution of Raindrops with Size*
(J. Meteorol. 5, 1948): N(D) ∝ exp(-4.1·R^-0.21·D), R in mm/h and D in mm. The impact of a drop
is a dull, short thud on soft ground, a ringing tap on glass and metal, and a bubble on water
(Pumphrey and Elmore 1990); Farnell, *Designing Sound*, ch. 40.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.bubbles import bubbling
from foley_designer.generator.synth.physics.grains import log_uniform, scatter, steady_arrivals
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    count_of,
    decay,
    drift,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise, slope
from foley_designer.generator.synth.words import Words


class _Roof(NamedTuple):
    """What the drops meet."""

    low_hz: float
    high_hz: float
    tap_s: float
    """Time constant of a tap."""
    near: float
    """Level of single drops against the wash."""
    wash_hz: float
    """Where the wash is centred."""
    wash_octaves: float
    ringing: float = 0.0
    """Share of drops that excite the surface's own modes."""
    bubbles: float = 0.0


_ROOFS: dict[str, _Roof] = {
    "concrete": _Roof(1300, 9000, 0.0010, 0.55, 4200, 1.5, bubbles=0.25),
    "leaves": _Roof(700, 6500, 0.0016, 0.9, 2600, 1.5),
    "metal": _Roof(500, 6500, 0.0060, 1.1, 2600, 1.5, ringing=1.0),
    "glass": _Roof(900, 8000, 0.0022, 0.9, 3600, 1.4, ringing=0.5),
    "wood": _Roof(300, 3000, 0.0032, 0.9, 1700, 1.5, ringing=0.3),
    "water": _Roof(1500, 9000, 0.0008, 0.45, 4200, 1.4, bubbles=1.2),
    "dirt": _Roof(500, 4500, 0.0013, 0.45, 2600, 1.6),
    "tent": _Roof(250, 3500, 0.0028, 1.2, 1500, 1.4),
}


class Rain(Sustained):
    """Rain by rate and surface; independent drops in each channel."""

    words: ClassVar[Words] = Words(
        variants=("steady", "light", "heavy"),
        surfaces=tuple(_ROOFS),
        materials=("water",),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """The surface, with a few modes of its own."""
        self.roof = _ROOFS[self.play.surface]
        base = 170.0 * 2.0 ** (1.5 * (0.5 - self.play.size))
        # Mist, wind and what stands between: no two rains have the same tilt.
        self.tilt = float(rng.normal(0.16, 0.14))
        self.gusty = float(rng.uniform(0.6, 1.4))
        self.modes = base * np.cumprod(rng.uniform(1.15, 1.4, 14))

    def _rate_mm(self, intensity: float) -> float:
        """Rain rate in mm/h."""
        base = {"light": 1.5, "steady": 7.0, "heavy": 35.0}[self.play.variant]
        return float(base * 4.0 ** (intensity - 0.7 + self.play.force - 0.6))

    def _drops(self, rng: np.random.Generator, count: int, rate_mm: float) -> Wave:
        """Single drops within a few metres, nearest loudest."""
        roof = self.roof
        positions = steady_arrivals(rng, 70.0 * rate_mm**0.55, count)
        drops = positions.size
        diameter = 0.7 + rng.exponential(rate_mm**0.21 / 4.1 * 2.0, drops)
        distance = np.sqrt(rng.uniform(0.03, 1.0, drops))
        levels = diameter**2.2 / distance * np.exp(rng.normal(0, 0.3, drops))
        levels = np.minimum(levels, 6 * np.median(levels)) if drops else levels
        frequencies = log_uniform(rng, drops, roof.low_hz, roof.high_hz) / diameter**0.35
        taps = scatter(
            count, positions, frequencies,
            roof.tap_s * log_uniform(rng, drops, 0.5, 1.8) * diameter**0.4, levels,
        )  # fmt: skip
        if roof.ringing > 0 and drops:
            chosen = rng.uniform(size=drops) < 0.6 * roof.ringing
            places = positions[chosen]
            modes = rng.choice(self.modes, places.size) * rng.normal(1, 0.004, places.size)
            life = 0.035 * np.sqrt(500 / modes) * (0.4 + roof.ringing)
            taps += scatter(count, places, modes, life, 0.5 * roof.ringing * levels[chosen])
        return taps

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One large drop, and its neighbours right after."""
        count = count_of(0.3)
        first = scatter(
            count, np.zeros(3, dtype=np.int64),
            log_uniform(rng, 3, self.roof.low_hz, 0.6 * self.roof.high_hz),
            self.roof.tap_s * rng.uniform(1.0, 2.0, 3), np.ones(3),
        )  # fmt: skip
        others = self._drops(rng, count, 1.0 + 4 * stroke.strength) * decay(count, 0.5)
        return first + 0.02 * others * attack(count, 0.02)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Steady rain whose density breathes a little."""
        roof, count = self.roof, stretch.count
        rate_mm = self._rate_mm(stretch.intensity)
        heavy = float(np.clip(np.log10(rate_mm) / 2.0, 0.0, 1.0))

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            gusts = 0.08 * drift(rng, frames, 0.5, hop) + 0.08 * drift(rng, frames, 3.0, hop)
            breath = np.exp(self.gusty * gusts)[:, None]
            wash = bell(frequencies, roof.wash_hz * (1.1 - 0.3 * heavy), roof.wash_octaves)
            far = np.sqrt(1000.0 / np.maximum(frequencies, 60.0)) * rise(frequencies, 45.0, 1.0)
            air = 0.05 * rise(frequencies, 6000.0, 1.0) * slope(frequencies, 14_000.0, 2.0)
            tilt = (np.maximum(frequencies, 60.0) / 1000.0) ** -self.tilt
            return (0.5 * wash + (0.6 + 0.4 * heavy) * far + air) * tilt * breath

        out = paint(rng, stretch.channels, count, colour)
        for channel in range(stretch.channels):
            near = unit_rms(self._drops(rng, count, rate_mm)) * roof.near
            out[channel] = unit_rms(out[channel]) + near * (1.2 - 0.8 * heavy)
            if roof.bubbles > 0:
                rate = np.full(count, 60.0 * rate_mm**0.5)
                plops = bubbling(rng, rate, 1200, 9000, exponent=2.2)
                out[channel] += 0.5 * roof.bubbles * unit_rms(plops)
        return out
