"""Sounds as systems give them: any rate, length and channels become stereo as long as the clip."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.yardstick.clip import render
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.proxies import proxies
from foley_designer.evaluate.sounds import clip_sound, is_true_stereo, read_sound, shaped


@settings(max_examples=25)
@given(
    channels=st.integers(1, 8),
    rate=st.sampled_from((8000, 16_000, 22_050, 44_100, 48_000, 96_000)),
    seconds=st.floats(0.02, 0.6),
    wanted=st.floats(0.05, 0.5),
)
def test_whatever_comes_is_stereo_of_the_clips_length(
    channels: int, rate: int, seconds: float, wanted: float
) -> None:
    noise = np.random.default_rng(0).standard_normal((channels, round(seconds * rate)))
    found = shaped(0.1 * noise.astype(np.float32), rate, wanted)
    assert found.samples is not None
    assert found.samples.shape == (2, round(wanted * SAMPLE_RATE))
    assert np.isfinite(found.samples).all() and found.samples.dtype == np.float32
    said = " ".join(found.faults)
    assert ("resampled" in said) == (rate != SAMPLE_RATE)
    assert ("mono" in said) == (channels == 1)
    assert ("than its clip" in said) == (abs(round(seconds * rate) / rate - wanted) > 0.1)


def test_numbers_that_are_none_are_named_and_scored_as_zeros() -> None:
    samples = np.full((2, 4800), np.nan, np.float32)
    found = shaped(samples, SAMPLE_RATE, None)
    assert found.samples is not None and not found.samples.any()
    assert "no numbers" in found.faults[0]
    assert shaped(samples[:, :0], SAMPLE_RATE, None).samples is None


def test_a_films_sound_is_read_from_its_first_instant(tmp_path: Path) -> None:
    tone = 0.2 * np.sin(np.arange(24_000) * 0.05)
    soundfile.write(tmp_path / "tone.wav", tone, 24_000)
    found = clip_sound(tmp_path / "tone.wav")
    assert found.samples is not None and not found.faults
    assert found.samples.shape[1] == pytest.approx(SAMPLE_RATE, abs=100)
    assert not is_true_stereo(found.samples)
    render("ball", tmp_path / "ball.mp4", width=64, height=48, seconds=0.4)
    assert clip_sound(tmp_path / "ball.mp4").faults == ("the clip has no sound",)
    (tmp_path / "no.mp4").write_text("no film")
    assert "can't be read" in clip_sound(tmp_path / "no.mp4").faults[0]
    assert "can't be read" in read_sound(tmp_path / "no.mp4").faults[0]


def test_proxies_know_silence_from_sound_and_one_layer_from_several() -> None:
    rng = np.random.default_rng(2)
    silence = proxies(np.zeros((2, SAMPLE_RATE), np.float32))
    assert silence.richness == silence.clarity == 0.0
    steady = 0.1 * rng.standard_normal((2, 3 * SAMPLE_RATE)).astype(np.float32)
    pulse = (np.arange(3 * SAMPLE_RATE) // 12_000 % 2).astype(np.float32)
    slow = (np.arange(3 * SAMPLE_RATE) // 30_000 % 2).astype(np.float32)
    low = np.sin(np.arange(3 * SAMPLE_RATE) * 0.02).astype(np.float32)
    one = steady * pulse
    two = one + 2.0 * low * slow
    assert proxies(steady).layers < proxies(one).layers < proxies(two).layers
