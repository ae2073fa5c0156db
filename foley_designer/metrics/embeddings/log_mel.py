"""Statistics of a log mel spectrogram: an embedding that needs no weights.

Mean and deviation of 64 mel bands over each 0.96 s, dB: 128 numbers a patch, half overlapping. It
hears level and colour and no more; a Fréchet distance over it tells noise from rain, and little
else.
"""

from pathlib import Path

import numpy as np

from foley_designer.metrics.embeddings.embedder import Heard, Wave, mono_at
from foley_designer.metrics.embeddings.mel import hann, mel_filters, patches, spectra

RATE = 16_000
SIZE, HOP, BANDS = 512, 160, 64
PATCH, STEP = 96, 48
"""Frames of 10 ms."""
_LEAST = 1e-8
"""Power under which a band is silent: -80 dB."""


class LogMel:
    """The statistics as an embedding."""

    name = "log-mel"

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`."""
        wave = mono_at(samples, sample_rate, RATE)
        power = spectra(wave, SIZE, HOP, hann(SIZE), centred=True) ** 2
        mel = power @ mel_filters(RATE, SIZE, BANDS, 50.0, RATE / 2).T
        parts = patches(10.0 * np.log10(mel + _LEAST), PATCH, STEP)
        return Heard(np.concatenate([parts.mean(axis=1), parts.std(axis=1)], axis=1), None)


def load(weights: Path | None = None) -> LogMel:
    """The embedding; ``weights`` are not used."""
    del weights
    return LogMel()
