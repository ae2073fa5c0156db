"""A sound engine of another package: bells and chimes in a scale of one's own.

FoleyDesigner finds it by the entry point in ``pyproject.toml``. Once installed
(``pip install ./examples/engine``) it takes part in every design: with ``auto`` it performs what
it supports better than the others, with ``--engine chimes`` whatever it can. It only has to play
in time and dry; placing, measuring, correcting and mixing are FoleyDesigner's.
"""

import numpy as np

from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.generator.engine import Dry

RATE = 48_000
SCALE_HZ = (523.25, 587.33, 659.26, 783.99, 880.0)
"""A pentatonic: no two strokes clash."""
PARTIALS = ((1.0, 1.0, 1.0), (2.76, 0.6, 0.55), (5.40, 0.35, 0.3), (8.93, 0.2, 0.15))
"""Ratio, level and length of a tube's modes (Fletcher and Rossing, 1998, ch. 19)."""


class Chimes:
    """Tubes that are struck; one tone a stroke."""

    name = "chimes"
    version = "1"
    """Part of every take's address: raise it when the same event would sound different."""

    def supports(self, event: SoundEvent) -> float:
        """1 for bells and chimes, 0 for the rest: other engines keep what this one can't do."""
        asked = event.performance.variant or ""
        return 1.0 if event.hits and any(word in asked for word in ("bell", "chime")) else 0.0

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:
        """Each hit from its own sample on; all chance comes from ``rng``."""
        out = np.zeros(sample_count)
        for hit in event.hits:
            start = round(hit.time_s * RATE)
            tone = self._tone(hit.strength, rng)[: max(sample_count - start, 0)]
            out[start : start + tone.size] += tone
        return Dry(out[None].astype(np.float32), credits=("Chimes by the foley-chimes example",))

    def _tone(self, strength: float, rng: np.random.Generator) -> np.ndarray:
        """A stroke: its partials beat, its place on the tube is never the same."""
        t = np.arange(1, 3 * RATE) / RATE
        wave = np.zeros(t.size)
        base = rng.choice(SCALE_HZ)
        for ratio, level, length in PARTIALS:
            hz = base * ratio * rng.normal(1.0, 0.001)
            swell = level * strength**ratio**0.3 * rng.uniform(0.5, 1.0)
            wave += swell * np.sin(2 * np.pi * hz * t) * np.exp(-t / (0.9 * length))
        return 10 ** (-6 / 20) * strength * wave / np.abs(wave).max()
