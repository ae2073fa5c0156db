import numpy as np
import pytest

from foley_designer.dsp.repair.denoise import denoise
from foley_designer.dsp.spatial.delay import read_between
from foley_designer.metrics.itd import delay_residual_s
from foley_designer.metrics.segments import LEAST_GAP_S, adaptive_threshold, segment

FS = 48_000


def _knocks(times, noise, seconds=4.0, seed=0):
    rng = np.random.default_rng(seed)
    sound = noise * rng.standard_normal(round(seconds * FS))
    t = np.arange(FS // 3) / FS
    knock = np.exp(-t / 0.04) * np.sin(2 * np.pi * 400 * t)
    for time in times:
        start = round(time * FS)
        sound[start : start + len(knock)] += 0.5 * knock
    return sound.astype(np.float32)[None]


@pytest.mark.parametrize("noise", [0.0, 1e-4, 3e-3, 2e-2])
def test_onsets_are_found_whatever_the_noise(noise):
    times = [0.5, 1.1, 2.0, 3.2]
    found = segment(_knocks(times, noise), FS)
    assert len(found.onsets_s) == 4
    assert np.abs(np.array(found.onsets_s) - times).max() < 0.003
    assert len(found.intervals_s) == 4
    assert np.abs(np.array([a for a, _ in found.intervals_s]) - times).max() < 0.01
    assert all(0.05 < b - a < 0.35 for a, b in found.intervals_s)


def test_what_follows_at_once_is_one_event():
    close = segment(_knocks([0.5, 0.5 + LEAST_GAP_S / 2, 2.0], 1e-3), FS)
    assert len(close.onsets_s) == 2
    assert len(close.intervals_s) == 2


def test_sound_without_pauses_is_one_interval_and_silence_none():
    rng = np.random.default_rng(0)
    rain = 0.1 * rng.standard_normal((1, 2 * FS)).astype(np.float32)
    assert segment(rain, FS).intervals_s == ((0.0, 2.0),)
    assert segment(np.zeros((2, FS), np.float32), FS).intervals_s == ()
    assert segment(np.zeros((1, 0), np.float32), FS).onsets_s == ()


def test_threshold_follows_the_ratio_of_signal_to_noise():
    rng = np.random.default_rng(0)
    thresholds = []
    for noise_db in (-70.0, -50.0, -30.0):
        levels = np.r_[np.full(50, -10.0), noise_db + rng.normal(0, 1, 450)]
        threshold, snr = adaptive_threshold(levels)
        assert noise_db + 6.0 <= threshold < -10.0
        assert snr == pytest.approx(-10.0 - noise_db, abs=3.0)
        thresholds.append(threshold)
    assert thresholds == sorted(thresholds)


def test_denoising_turns_pauses_down_and_keeps_the_sound():
    times = [0.5, 1.5, 2.5]
    clean, noisy = _knocks(times, 0.0), _knocks(times, 2e-3)
    out = denoise(noisy, -40.0)
    pause = slice(round(1.0 * FS), round(1.4 * FS))
    rms = [float(np.sqrt(np.mean(x[:, pause] ** 2))) for x in (noisy, out)]
    assert 20 * np.log10(rms[1] / rms[0]) == pytest.approx(-40.0, abs=1.0)
    sounding = slice(round(0.5 * FS), round(0.6 * FS))
    error = out[:, sounding] - clean[:, sounding]
    assert np.sum(error**2) < 0.01 * np.sum(clean[:, sounding] ** 2)


def test_what_never_pauses_is_left_alone():
    rain = 0.1 * np.random.default_rng(0).standard_normal((2, 2 * FS)).astype(np.float32)
    assert denoise(rain) is rain
    assert denoise(np.zeros((1, FS), np.float32)).max() == 0.0
    noisy = _knocks([0.5], 1e-2)
    assert denoise(noisy, 0.0) is noisy


def _moving(delays_s, noise=0.0):
    rng = np.random.default_rng(1)
    source = rng.standard_normal(len(delays_s)).astype(np.float32)
    at = np.arange(len(source), dtype=np.float64)
    half = 0.5 * delays_s * FS
    pair = np.stack([read_between(source, at + half), read_between(source, at - half)])
    return pair + noise * rng.standard_normal(pair.shape).astype(np.float32)


def test_residual_is_what_annotation_and_sound_differ_by():
    delays = np.linspace(-400e-6, 400e-6, 2 * FS)
    told = delays[:: FS // 50]
    for noise in (0.0, 0.7):
        sound = _moving(delays, noise)
        assert 1e6 * delay_residual_s(sound, FS, told, 50.0) == pytest.approx(0.0, abs=4.0)
        wrong = delay_residual_s(sound, FS, told - 100e-6, 50.0)
        assert 1e6 * wrong == pytest.approx(100.0, abs=6.0)
        part = delay_residual_s(sound, FS, np.zeros(100), 50.0, (0.0, 0.2))
        assert 1e6 * part == pytest.approx(-360.0, abs=30.0)
    assert delay_residual_s(np.zeros((2, FS), np.float32), FS, told, 50.0) is None
