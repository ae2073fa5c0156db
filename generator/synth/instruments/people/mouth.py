"""What a mouth does besides speaking: it whistles, bites and chews, sips and swallows."""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bubbles import bubbling
from foley_designer.generator.synth.physics.contact import thump
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    count_of,
    drift,
    fade_edges,
    mix_at,
    noise,
    times,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


class Mouth(Rhythmic):
    """One mouth."""

    words: ClassVar[Words] = Words(
        variants=("eat", "drink", "whistle"), surfaces=("plain",), materials=("plain",)
    )

    @property
    def interval_s(self) -> float:
        """Jaws go once or twice a second."""
        return {"eat": 0.85 - 0.4 * self.play.speed, "drink": 1.1}.get(self.play.variant, 1.4)

    @property
    def unevenness(self) -> float:
        """About as even as a meal."""
        return 0.18

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One bite or chew, one sip and gulp, one whistle."""
        if self.play.variant == "whistle":
            return self._whistle(rng)
        return self._chew(stroke, rng) if self.play.variant == "eat" else self._sip(rng)

    def _chew(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Crisp at first, wetter with every chew, heard through the cheek."""
        age = min(stroke.index % 10, 8) / 8.0
        count = count_of(rng.uniform(0.22, 0.38))
        jaw = arch(count, 0.3, 0.6) * (1 + 0.5 * drift(rng, count, 25.0)).clip(0.1)
        jaw[: count_of(0.002)] += 0.7
        crisp = crush(rng, 700 * jaw, 500, 6500, 0.0014, 1.5, jaw)
        wet = crush(rng, 900 * jaw, 250, 2600, 0.0035, 2.0, jaw)
        smack = bandpass(noise(rng, count), 400, 2800) * jaw
        mixed = (1.0 - 0.6 * age) * unit_rms(crisp) + (0.35 + 0.6 * age) * unit_rms(wet)
        out = bandpass(mixed + 0.25 * unit_rms(smack), 180, 6000)
        teeth = unit_peak(thump(rng, 210, 0.04, 0.001))
        mix_at(out, teeth, 0, 1.2)
        return out

    def _sip(self, rng: np.random.Generator) -> Wave:
        """Air and drink drawn over the lips, then the swallow: a click and a sinking bubble."""
        sip = count_of(rng.uniform(0.3, 0.5))
        out = np.zeros(sip + count_of(0.55))
        draw = arch(sip, 0.6, 0.6) * (1 + 0.7 * drift(rng, sip, 35.0)).clip(0.05)
        slurp = bandpass(noise(rng, sip), 900, 5200) * draw
        bubbles = bubbling(rng, 260 * draw, 500, 3200, exponent=1.8, energy=draw)
        draw[: count_of(0.004)] += 0.4
        mix_at(out, unit_rms(slurp) + 0.9 * unit_rms(bubbles), 0, 0.7)
        lips = bandpass(noise(rng, count_of(0.012)), 700, 4000) * arch(count_of(0.012), 0.1)
        mix_at(out, unit_peak(lips), 0, 0.8)
        start = sip + count_of(rng.uniform(0.06, 0.14))
        for delay, hz in ((0.0, 420.0), (0.07, 290.0), (0.15, 360.0)):
            count = count_of(0.09)
            pitch = hz * np.linspace(1.25, 0.8, count) * rng.uniform(0.9, 1.1)
            glug = np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE) * arch(count, 0.25, 1.2)
            mix_at(out, glug, start + count_of(delay), 1.6)
        click = bandpass(noise(rng, count_of(0.02)), 900, 3500) * arch(count_of(0.02), 0.1)
        mix_at(out, unit_peak(click), start, 1.0)
        return out

    def _whistle(self, rng: np.random.Generator) -> Wave:
        """Lips: nearly a pure tone that slides, in the hiss of its own jet."""
        count = count_of(rng.uniform(0.5, 1.1))
        knots = rng.uniform(0.8, 1.25, 5) * 1700.0 * 2.0 ** (0.5 - self.play.size)
        hz = np.interp(np.linspace(0, 4, count), np.arange(5), knots)
        hz *= 1 + 0.006 * np.sin(2 * np.pi * 5.5 * times(count)) + 0.004 * drift(rng, count, 20.0)
        phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
        tone = np.sin(phase) + 0.03 * np.sin(2 * phase)
        level = np.clip(1 + 0.15 * drift(rng, count, 9.0), 0.3, 1.5)
        hiss = bandpass(noise(rng, count), 1200, 6000)
        return fade_edges((tone + 0.05 * hiss) * level, 0.003, 0.06)
