"""Songbirds in the distance: each has a phrase of its own that it varies and repeats at leisure."""

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.calling import utter
from foley_designer.generator.synth.instruments.instrument import around
from foley_designer.generator.synth.physics.signals import Wave, bandpass, mix_at
from foley_designer.generator.synth.physics.voice import Syllable, Throat


def _phrase(rng: np.random.Generator) -> tuple[Syllable, ...]:
    """What this bird likes to sing: two to seven whistles, sweeps or trills."""
    home = float(np.exp(rng.uniform(np.log(2300), np.log(5600))))
    notes: list[Syllable] = []
    for _ in range(int(rng.integers(2, 5))):
        start, end = home * np.exp(rng.normal(0, 0.22, 2))
        trill = float(rng.uniform(0.04, 0.15)) if rng.uniform() < 0.3 else 0.0
        note = Syllable(
            float(rng.uniform(0.05, 0.24)), (float(start), float(0.5 * (start + end)), float(end)),
            (0.4, 1.0, 0.5), (), 900.0, 0.01, 0.002, 0.0, float(rng.uniform(18, 40)), trill,
            float(rng.uniform(0.03, 0.14)),
        )  # fmt: skip
        notes += [note] * int(rng.choice([1, 1, 2, 3]))
    return tuple(notes[:7])


def birdsong(rng: np.random.Generator, channels: int, count: int, density: float) -> Wave:
    """Birds at different places.

    Args:
        rng: source of chance.
        channels: 1, or 2 with each bird at its own place.
        count: samples.
        density: phrases a second of all birds together.

    Returns:
        ``[channels, count]``; the nearest bird peaks around one.
    """
    out = np.zeros((channels, count))
    birds = [(_phrase(rng), int(rng.integers(2**31)), rng.uniform(0.12, 1.0)) for _ in range(6)]
    at = rng.exponential(1.0 / density)
    while at * SAMPLE_RATE < count:
        phrase, place, level = birds[int(rng.integers(len(birds)))]
        song = utter(rng, phrase, Throat(pitch=float(np.exp(rng.normal(0, 0.03)))))
        far = bandpass(song, 900, 2500 + 9000 * level)
        heard = around(far, np.random.default_rng(place), channels)
        mix_at(out, heard, int(at * SAMPLE_RATE), level**1.5)
        at += rng.exponential(1.0 / density) + 0.15
    return out
