"""An audience: hundreds of pairs of hands that each clap in their own time, and voices that cheer.

People clap 2 to 5 times a second, and the crowd's rates do not lock unless it wants to (see
`palms`).
"""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import (
    Stretch,
    Stroke,
    Sustained,
    around,
)
from foley_designer.generator.synth.instruments.people.palms import clap
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    bandpass,
    count_of,
    decay,
    drift,
    lowpass,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint
from foley_designer.generator.synth.physics.voice import Syllable, Throat, speak
from foley_designer.generator.synth.words import Words

_NEAR = 24
"""People who are heard singly; the others are a wash of the same claps."""


class Audience(Sustained):
    """Applause, or a crowd that cheers and claps."""

    words: ClassVar[Words] = Words(
        variants=("applause", "cheer"), surfaces=("plain",), materials=("air",)
    )

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """An outburst."""
        count = count_of(2.5)
        wave: Wave = self.span(Stretch(count, stroke.strength), rng)[0]
        return wave * attack(count, 0.05) * decay(count, 4.0)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It goes on."""
        claps = unit_rms(self._claps(rng, stretch))
        if self.play.variant == "applause":
            return claps + 0.06 * unit_rms(self._voices(rng, stretch, 5))
        near = unit_rms(self._voices(rng, stretch, 34))
        return 0.25 * claps + 0.7 * near + unit_rms(self._roar(rng, stretch))

    def _claps(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        out = np.zeros((stretch.channels, stretch.count))
        for person in range(_NEAR):
            line = np.zeros(stretch.count)
            rate = rng.uniform(2.4, 4.8) * (0.8 + 0.4 * self.play.speed)
            hands = [clap(rng, rng.uniform(650, 2500)) for _ in range(5)]
            at = rng.uniform(0, 1.0 / rate)
            while at * SAMPLE_RATE < stretch.count:
                one = hands[int(rng.integers(5))]
                mix_at(line, one, int(at * SAMPLE_RATE), rng.uniform(0.6, 1.0))
                at += float(np.exp(rng.normal(0, 0.06))) / rate
            near = 0.25 + 0.75 / (1.0 + 0.35 * person)
            mix_at(out, around(line, rng, stretch.channels), 0, near)
        out = unit_rms(out)
        for channel in range(stretch.channels):
            rough = np.exp(0.5 * drift(rng, stretch.count, 45.0))
            wash = bandpass(noise(rng, stretch.count), 600, 3600) * rough
            out[channel] += (0.8 + 0.6 * self.play.size) * unit_rms(wash)
        if self.play.variant == "applause":  # most sit far, and in front of one another
            out = lowpass(out, 3000.0, 1)
        return out

    def _voices(self, rng: np.random.Generator, stretch: Stretch, count: int) -> Wave:
        """Long open vowels that swell and sink, high when excited, and a whistle now and then."""
        out = np.zeros((stretch.channels, stretch.count))
        for _ in range(count):
            base = float(
                rng.choice([rng.uniform(220, 380), rng.uniform(380, 620), rng.uniform(600, 950)])
            )
            at = rng.uniform(-1.0, 1.0)
            while at * SAMPLE_RATE < stretch.count:
                wave = self._shout(rng, base)
                skip = max(0, -int(at * SAMPLE_RATE))
                heard = around(wave[skip:], rng, stretch.channels)
                mix_at(out, heard, max(0, int(at * SAMPLE_RATE)), rng.uniform(0.2, 1.0))
                at += wave.size / SAMPLE_RATE + rng.exponential(0.8)
        return out

    def _roar(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """Voices too many to be heard singly: noise in the colour of open mouths that shout.

        A recorded hall full of people peaks from 1 to 2 kHz and lies 12 dB lower at 500 Hz and
        27 dB at 250 Hz, since who shouts raises pitch and first formant.
        """

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            sway = np.exp(0.12 * drift(rng, frames, 1.5, hop))[:, None]
            mouths = bell(frequencies, 1150.0, 0.42) + 0.6 * bell(frequencies, 1900.0, 0.4)
            return (mouths + 0.3 * bell(frequencies, 3000.0, 0.5)) * sway

        return paint(rng, stretch.channels, stretch.count, colour)

    def _shout(self, rng: np.random.Generator, base: float) -> Wave:
        if rng.uniform() < 0.07:
            length = count_of(rng.uniform(0.2, 0.5))
            first, last = (float(hz) for hz in rng.uniform(1800, 3000, 2))
            hz = np.linspace(first, last, length)
            return 0.5 * np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE) * arch(length, 0.5, 0.4)
        bend = base * np.exp(rng.normal(0, 0.12, 4))
        low, high = rng.choice([[730, 1090], [570, 840], [660, 1720], [440, 1020]])
        mouth = ((float(low), 130.0, 1.0), (float(high), 180.0, 0.7), (2700.0, 260.0, 0.3))
        syllable = Syllable(
            float(rng.uniform(0.5, 1.6)), tuple(bend.tolist()), (0.3, 1.0, 0.9, 0.3), mouth,
            1500.0, 0.2, 0.02, chaos=(0.02, 0.05, 0.03),
        )  # fmt: skip
        return unit_peak(speak(rng, syllable, Throat()))
