"""Things that part the air as they fly past: arms, blades, sticks, birds.

A body of breadth d at speed U sheds vortices around f = 0.2·U/d and radiates as a dipole, its
amplitude as the cube of its speed (J. E. Ffowcs Williams and D. L. Hawkings, Phil. Trans. A 264,
1969), so nothing is heard of a swing but its fastest moment, and there its pitch is highest.
Recordings of throws and swings rise within 50 to 150 ms, fall as fast, and lie around 250 to
500 Hz, 12 dB lower at 2 kHz and 20 at 4 kHz.
"""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    count_of,
    drift,
    mix_at,
    unit_peak,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise
from foley_designer.generator.synth.words import Words

_LONGEST_S = 1.1
"""A stretch that lasts longer is more than one swing."""


class Swing(Sustained):
    """One thing that is swung or thrown."""

    words: ClassVar[Words] = Words(
        variants=("whoosh",), surfaces=("plain",), materials=("wood", "steel")
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """How broad it is."""
        self.hz = 520.0 * 2.0 ** (1.6 * (0.5 - self.play.size)) * float(np.exp(rng.normal(0, 0.1)))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """It passes just after the hit."""
        count = count_of(0.55 - 0.3 * self.play.speed)
        return self._pass(rng, count, 0.22, stroke.strength) * attack(count, 0.004)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It passes once; in a long stretch again and again."""
        out = np.zeros(stretch.count)
        if stretch.count <= count_of(_LONGEST_S):
            out = self._pass(rng, stretch.count, 0.5, stretch.intensity)
        else:
            at = 0
            while at < stretch.count:
                count = count_of((0.75 - 0.4 * self.play.speed) * rng.uniform(0.8, 1.2))
                swung = self._pass(rng, count, rng.uniform(0.4, 0.6), stretch.intensity)
                mix_at(out, swung, at, rng.uniform(0.6, 1.0))
                at += count + count_of(rng.uniform(0.05, 0.5))
        return np.repeat(out[None], stretch.channels, axis=0)

    def _pass(self, rng: np.random.Generator, count: int, peak: float, strength: float) -> Wave:
        """One swing, fastest at a share ``peak`` of its length."""
        speed = arch(count, peak, 1.3) * (1 + 0.08 * drift(rng, count, 30.0))
        fastest = 0.55 + 0.5 * self.play.speed + 0.2 * strength

        def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
            at = np.minimum(np.arange(frames) * hop, count - 1)
            here = self.hz * fastest * (0.35 + 0.65 * np.clip(speed[at], 0.0, 1.2))[:, None]
            wake = bell(frequencies, here, 0.75) + 0.25 * bell(frequencies, 3.0 * here, 0.9)
            return wake * rise(frequencies, 60.0, 1.0)

        blown: Wave = paint(rng, 1, count, colour, 512)[0] * np.clip(speed, 0.0, None) ** 2.2
        return unit_peak(blown)
