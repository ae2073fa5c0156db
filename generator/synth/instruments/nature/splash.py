"""Splashes and drips: slap, crown, cavity, and the drops that fall back."""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bubbles import bubble, bubbling
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    burst,
    count_of,
    decay,
    drift,
    lowpass,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


class Splash(Rhythmic):
    """Something meets water.

    After H. C. Pumphrey and P. A. Elmore, *The Entrainment of Bubbles by Drop Impacts* (J. Fluid
    Mech. 220, 1990): a faint impact, then, some milliseconds later, the cavity closes and rings.
    A large body adds a slap, a rush of spray and a deep cavity.
    """

    words: ClassVar[Words] = Words(
        variants=("splash", "drip", "dive", "paddle", "step"),
        surfaces=("water", "tile", "metal"),
        materials=("water",),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One vessel or pool: drips into it share a pitch."""
        self.pitch = float(np.exp(rng.normal(0.0, 0.2))) * 2.0 ** (1.6 * (0.5 - self.play.size))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One entry."""
        return self._drip(rng) if self.play.variant == "drip" else self._splash(stroke, rng)

    def _drip(self, rng: np.random.Generator) -> Wave:
        """Impact tick, then one bubble that rises, sometimes a second."""
        out = np.zeros(count_of(0.35))
        tick = bandpass(noise(rng, 300), 1800, 12_000) * decay(300, 0.004)
        mix_at(out, unit_peak(tick), 0, 0.42)
        hz = 1250.0 * self.pitch * float(np.exp(rng.normal(0, 0.16)))
        main = bubble(rng, hz, 0.25)
        delay = count_of(rng.uniform(0.002, 0.0045))
        mix_at(out, unit_peak(main), delay, 1.0)
        if rng.uniform() < 0.55:
            second = bubble(rng, hz * rng.uniform(1.15, 2.1), 0.3)
            mix_at(out, unit_peak(second), delay + count_of(rng.uniform(0.015, 0.06)), 0.35)
        return out

    def _splash(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        scale = {"splash": 1.0, "dive": 1.5, "paddle": 0.6, "step": 0.5}[self.play.variant]
        size = float(np.clip(self.play.size * scale, 0.05, 1.0))
        force = 0.3 + 0.7 * stroke.strength
        length = 0.45 + 1.3 * size
        count = count_of(length)
        out = np.zeros(count)
        slap = bandpass(noise(rng, count), 180, 2200 + 5000 * force)
        mix_at(out, unit_peak(slap * burst(count, 0.0006, 0.05 + 0.05 * size)), 0, force)
        body = lowpass(noise(rng, count), 260 - 150 * size, 2) * burst(
            count, 0.002, 0.12 + 0.1 * size
        )
        mix_at(out, unit_peak(body), 0, 0.5 * force * (0.3 + size))
        spray = bandpass(noise(rng, count), 1100, 9000) * arch(count, 0.16, 1.2)
        spray *= 1 + 0.5 * drift(rng, count, 30.0)
        mix_at(out, unit_peak(spray), 0, 0.42 * (0.4 + 0.6 * force))
        self._cavity(out, rng, size, force)
        fall = arch(count, 0.45, 1.5) * (120 + 520 * size * force)
        drops = bubbling(rng, fall, 480, 6500, exponent=2.0)
        mix_at(out, unit_peak(drops), 0, 0.5)
        return out

    def _cavity(self, out: Wave, rng: np.random.Generator, size: float, force: float) -> None:
        """The hole in the water closes: a gulp of large bubbles, deeper for larger bodies."""
        count = count_of(0.12 + 0.25 * size)
        rate = (40 + 150 * size) * arch(count, 0.35, 1.0)
        low = 620 - 430 * size
        gulp = bubbling(rng, rate, low, 5 * low, exponent=1.3, rising=0.3)
        if np.any(gulp):
            mix_at(out, unit_peak(gulp), count_of(0.02 + 0.07 * size), 0.75 * (0.4 + 0.6 * force))
        air = bandpass(noise(rng, count), low, 4 * low) * arch(count, 0.4, 1.0)
        mix_at(out, unit_rms(air), count_of(0.02 + 0.05 * size), 0.06)
