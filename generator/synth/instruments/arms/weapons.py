"""A blade that leaves its sheath, and a bow that sends an arrow."""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build, ring
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    burst,
    count_of,
    decay,
    drift,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint
from foley_designer.generator.synth.words import Words


class Blade(Rhythmic):
    """Steel drawn along the mouth of a sheath: a scrape that climbs, and the free blade sings."""

    words: ClassVar[Words] = Words(
        variants=("draw",), surfaces=("leather", "wood", "metal"), materials=("steel",)
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """One blade."""
        self.body = build(MATERIALS["steel"], self.play.size - 0.2, rng, Shape.BAR, 10)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One draw."""
        pull = count_of(0.6 - 0.25 * self.play.speed)
        out = np.zeros(pull + count_of(1.2))

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            part = np.clip(np.arange(frames) * hop / pull, 0, 1)[:, None]
            return bell(frequencies, 2300.0 * 2.2**part, 0.6) + 0.1 * bell(frequencies, 8000, 0.7)

        motion = arch(pull, 0.75, 0.7) * (1 + 0.5 * drift(rng, pull, 60.0)).clip(0.05)
        scrape = paint(rng, 1, pull, colour, 512)[0] * motion
        guard = bandpass(noise(rng, count_of(0.03)), 900, 6000) * burst(
            count_of(0.03), 0.0004, 0.02
        )
        mix_at(out, unit_peak(guard), 0, 0.5)  # it comes off the mouth of the sheath
        mix_at(out, unit_peak(scrape), 0, 1.0)
        modes = self.body.frequencies[self.body.frequencies > 1200]
        sung = ring(
            modes, np.full(modes.size, 1.1), np.exp(rng.normal(0, 0.4, modes.size)), out.size
        )
        mix_at(out, unit_peak(sung), int(0.85 * pull), 0.14 * (0.5 + stroke.strength))
        return out


class Bow(Rhythmic):
    """The string slaps home, the wood answers, the arrow hisses away."""

    words: ClassVar[Words] = Words(
        variants=("bow",), surfaces=("plain",), materials=("wood", "steel")
    )

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One shot."""
        count = count_of(0.8)
        out = np.zeros(count)
        hz = 110.0 * 2.0 ** (0.8 * (0.5 - self.play.size)) * rng.normal(1, 0.05)
        order = np.arange(1.0, 14.0)
        twang = ring(
            hz * order * (1 + 0.0006 * order**2), 0.28 * order**-0.4, order**-0.8, count_of(0.4)
        )
        mix_at(out, unit_peak(twang), 0, 0.55)
        snap = bandpass(noise(rng, count), 700, 6500) * burst(count, 0.0004, 0.05)
        mix_at(out, unit_peak(snap), 0, 0.7)

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            age = (np.arange(frames) * hop / SAMPLE_RATE)[:, None]
            return bell(frequencies, 3800.0 * np.exp(-1.6 * age), 0.8)

        flight = paint(rng, 1, count, colour, 512)[0] * decay(count, 0.75)
        flutter = 1 + 0.5 * drift(rng, count, 35.0)
        mix_at(out, unit_rms(flight * flutter.clip(0.1)), 0, 0.16 * (0.5 + stroke.strength))
        return out
