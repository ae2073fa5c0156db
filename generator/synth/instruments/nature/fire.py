"""Fire: lapping flames, hissing gas, crackling wood.

After Farnell, *Designing Sound*, ch. 34: three layers that a common drive couples only loosely.
Crackles come in bursts (a fissure opens and several follow) with sizes by a power law.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.grains import (
    arrivals,
    log_uniform,
    power_law,
    scatter,
    steady_arrivals,
)
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    bandpass,
    burst,
    count_of,
    drift,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise, slope
from foley_designer.generator.synth.words import Words


class _Fuel(NamedTuple):
    """How a fire burns."""

    crackle_hz: float
    crackle: float
    """Level of crackles against flames."""
    lap: float
    hiss: float
    low_hz: float
    """Where the flames roar."""
    flutter_hz: float


_FUELS: dict[str, _Fuel] = {
    "campfire": _Fuel(9, 1.9, 0.6, 0.22, 100, 3.0),
    "blaze": _Fuel(26, 1.0, 1.3, 0.4, 200, 5.0),
    "torch": _Fuel(1.5, 0.25, 1.0, 0.3, 240, 7.0),
    "embers": _Fuel(5, 2.4, 0.14, 0.3, 110, 2.0),
    "sizzle": _Fuel(320, 0.8, 0.02, 1.6, 300, 12.0),
    "gas": _Fuel(0.0, 0.0, 0.8, 1.0, 320, 9.0),
}


class Fire(Sustained):
    """A fire by fuel and size."""

    words: ClassVar[Words] = Words(
        variants=tuple(_FUELS), surfaces=("plain",), materials=("wood", "cardboard", "oil")
    )

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """It catches: a whoomp of flame with a snap in front."""
        count = count_of(0.9)
        lick = burst(count, 0.004, 0.7) * np.abs(1 + 0.4 * drift(rng, count, 12.0))
        wave = self._flames(rng, lick, 1)[0] * attack(count, 0.003)
        snap = bandpass(noise(rng, count), 900, 7000) * burst(count, 0.0003, 0.02)
        return unit_peak(wave) + 0.5 * (0.4 + stroke.strength) * unit_peak(snap)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It burns."""
        fuel, count = _FUELS[self.play.variant], stretch.count
        flicker = np.exp(0.3 * drift(rng, count, fuel.flutter_hz) + 0.3 * drift(rng, count, 0.6))
        out = unit_rms(self._flames(rng, flicker, stretch.channels))
        if fuel.crackle > 0:
            for channel in range(stretch.channels):
                crackle = self._crackles(rng, stretch)
                out[channel] += 0.5 * fuel.crackle * unit_rms(crackle)
        return out

    def _flames(self, rng: np.random.Generator, flicker: Wave, channels: int) -> Wave:
        """Lapping: low noise that flutters; hissing: high noise in short outbursts."""
        fuel, count = _FUELS[self.play.variant], flicker.size
        low = fuel.low_hz * 2.0 ** (1.2 * (0.5 - self.play.size))

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, count - 1)
            level = flicker[at][:, None]
            lap = slope(frequencies, low * (0.6 + 0.5 * level), 1.7) * rise(frequencies, 32.0, 1.0)
            puff = np.clip(drift(rng, frames, 6.0, hop), 0.0, None)[:, None] ** 2.5
            hiss = bell(frequencies, 5600.0, 1.0) * (0.03 + 0.08 * puff)
            if self.play.variant == "sizzle":  # countless drops: dense, wide, without gusts
                hiss = 0.08 * bell(frequencies, 5000.0, 1.9) * level**0.3
            rush = 0.012 * bell(frequencies, 1200.0, 1.6) * level
            return fuel.lap * (lap + rush) * level + fuel.hiss * hiss

        return paint(rng, channels, count, colour)

    def _crackles(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """Snaps in bursts: a parent opens a fissure, its children follow within 50 ms."""
        fuel, count = _FUELS[self.play.variant], stretch.count
        mean = fuel.crackle_hz * (0.4 + 1.2 * self.play.speed) * (0.4 + 0.9 * stretch.intensity)
        busy = np.exp(0.8 * drift(rng, count, 0.4))
        parents = arrivals(rng, mean * busy)
        follow = rng.poisson(2.2, parents.size)
        children = np.repeat(parents, follow)
        late = (rng.exponential(0.022, children.size) * SAMPLE_RATE).astype(np.int64)
        dust = steady_arrivals(rng, 6.0 * mean, count)
        positions = np.minimum(np.concatenate([parents, children + late, dust]), count - 1)
        sizes = np.concatenate(
            [
                power_law(rng, parents.size, 1.5, 25.0),
                0.5 * power_law(rng, children.size, 1.5, 25.0),
                0.12 * power_law(rng, dust.size, 1.6, 20.0),
            ]
        )
        snaps = positions.size
        frequencies = log_uniform(rng, snaps, 2200, 13_000) * (0.7 + 0.4 * (1 - np.sqrt(sizes)))
        lives = 0.00025 * log_uniform(rng, snaps, 0.4, 2.5) * (1 + 3.0 * sizes)
        high = scatter(count, positions, frequencies, lives, sizes)
        # The log that splits rings below its snap, the larger the longer.
        body = scatter(
            count, positions, 0.16 * frequencies, 4.0 * lives + 0.004 * sizes, 0.09 * sizes
        )
        return high + body
