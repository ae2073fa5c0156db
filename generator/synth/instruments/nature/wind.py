"""Wind: turbulence that finds things to whistle on.

After Farnell, *Designing Sound*, ch. 41: one slow wind speed drives everything; each obstacle
answers with noise around f = 0.2·U/d (Strouhal), leaves with a bright rustle, gaps with a howl,
each a little later than the one upwind.
"""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    count_of,
    drift,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise, slope
from foley_designer.generator.synth.words import Words

_GUSTS: dict[str, tuple[float, float]] = {
    "steady": (0.55, 0.18),
    "breeze": (0.30, 0.16),
    "gust": (0.45, 0.42),
    "storm": (0.85, 0.30),
    "howl": (0.65, 0.28),
}
"""Mean speed and gustiness, relative."""


class Wind(Sustained):
    """Wind by strength, gusts and what stands in it."""

    words: ClassVar[Words] = Words(
        variants=tuple(_GUSTS),
        surfaces=("field", "leaves", "grass", "city", "sand", "snow", "wood"),
        materials=("air",),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Obstacles: where they are tuned and how late the wind reaches them."""
        self.obstacles = np.array([210.0, 340.0, 560.0, 900.0]) * np.exp(rng.normal(0, 0.15, 4))
        self.delays = np.sort(rng.uniform(0.0, 1.4, 4))

    def speed(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """Wind speed over time, up to 1.5: slow gusts and fast turbulence, never quite still."""
        return self.speeds(rng, stretch, stretch.count)

    def speeds(self, rng: np.random.Generator, stretch: Stretch, count: int, step: int = 1) -> Wave:
        """So many values of a wind's speed, ``step`` samples apart."""
        mean, gusty = _GUSTS[self.play.variant]
        calm = mean * (0.5 + 0.4 * self.play.force + 0.35 * stretch.intensity)
        pace = 0.12 + 0.25 * self.play.speed
        gusts = drift(rng, count, pace, step) + 0.4 * drift(rng, count, 4 * pace, step)
        blown: Wave = calm * np.exp(gusty * gusts + 0.06 * drift(rng, count, 6.0, step))
        return np.minimum(blown, 1.5)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """A gust."""
        count = count_of(1.3 * (1.4 - 0.8 * self.play.speed))
        speed = arch(count, 0.3, 1.0) * (0.4 + 0.8 * stroke.strength) + 0.12
        wave: Wave = self._blown(rng, speed, 1)[0]
        return (
            wave
            * attack(count, 0.003)
            * (0.35 + 0.65 * arch(count, 0.25, 1.0))
            * arch(count, 0.02, 0.2)
        )

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Wind that goes on."""
        return self._blown(rng, self.speed(rng, stretch), stretch.channels)

    def _blown(self, rng: np.random.Generator, speed: Wave, channels: int) -> Wave:
        count = speed.size
        howl = {"howl": 1.6, "storm": 0.8}.get(self.play.variant, 0.25)
        rustle = {"leaves": 1.0, "grass": 0.6, "sand": 0.35, "snow": 0.2}.get(
            self.play.surface, 0.0
        )

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, count - 1)
            here = speed[at][:, None]
            body = slope(frequencies, 90 + 420 * here**1.5, 1.0) * here**1.3
            air = 0.12 * here**2 * bell(frequencies, 1400.0 + 1500 * here, 1.2)
            spectrum = body + air
            for hz, delay in zip(self.obstacles, self.delays, strict=True):
                later = np.maximum(at - int(delay * SAMPLE_RATE), 0)
                wind = speed[later][:, None]
                tone = bell(frequencies, hz * (0.45 + 0.9 * wind), 0.13)
                spectrum = spectrum + howl * 0.55 * wind**2.2 * tone
            if rustle > 0:
                flutter = np.exp(0.3 * drift(rng, frames, 4.0, hop))[:, None]
                leaves = bell(frequencies, 4200.0, 0.95) * here**1.7 * flutter
                spectrum = spectrum + 0.55 * rustle * leaves
            return spectrum * rise(frequencies, 45.0, 1.0)

        out = paint(rng, channels, count, colour, 2048)
        if rustle > 0.3:
            for channel in range(channels):
                rate = 900 * rustle * np.clip(speed, 0, 1.2) ** 1.5
                ticks = crush(rng, rate, 1800, 11_000, 0.0006, 1.8, np.clip(speed, 0, 1.2))
                out[channel] = unit_rms(out[channel]) + 0.45 * rustle * unit_rms(ticks)
        return out
