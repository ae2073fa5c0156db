import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.loudness import measure
from foley_designer.dsp.level.master import MAX_GAIN_DB, MAX_LIMITING_DB, master
from foley_designer.dsp.level.true_peak import true_peak_db

RATE = 48_000


def noise(seconds: float, rms: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rms * rng.standard_normal((2, round(seconds * RATE)))).astype(np.float32)


def clicks(seconds: float, every_s: float, peak: float) -> np.ndarray:
    samples = np.zeros((2, round(seconds * RATE)), np.float32)
    burst = np.exp(-np.arange(200) / 20) * np.cos(np.arange(200))
    for start in range(4800, samples.shape[1] - 200, round(every_s * RATE)):
        samples[:, start : start + 200] += peak * burst
    return samples


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 1.5), st.floats(-12, -1))
def test_no_true_peak_passes_the_limiter(seed: int, rms: float, ceiling: float) -> None:
    rng = np.random.default_rng(seed)
    sparse = rng.standard_normal((2, 20_000)) * (rng.random((2, 20_000)) < 0.2)
    samples = (rms * sparse).astype(np.float32)
    limited = limit(samples, ceiling)
    assert true_peak_db(limited.samples) <= ceiling + 1e-6
    assert limited.reduction_db >= 0


def test_the_limiter_leaves_alone_what_is_below_and_far_from_peaks() -> None:
    quiet = noise(1, 0.01)
    assert limit(quiet, -1.0).samples is quiet
    loud = quiet.copy()
    loud[:, RATE // 2] = 2.0
    limited = limit(loud, -1.0).samples
    before = slice(0, RATE // 2 - 200)
    after = slice(RATE // 2 + round(0.5 * RATE) - 200, RATE)
    assert np.array_equal(limited[:, before], loud[:, before])
    assert np.allclose(limited[:, after], loud[:, after], rtol=1e-3)


def test_the_limiter_keeps_the_image() -> None:
    loud = noise(0.5, 0.5)
    limited = limit(loud, -6.0).samples
    heard = np.abs(loud).min(axis=0) > 1e-3
    before, after = loud[0] / loud[1], limited[0] / limited[1]
    assert np.allclose(before[heard], after[heard], rtol=1e-4)


@pytest.mark.parametrize("target", [t for t in LoudnessTarget if LOUDNESS[t][0] is not None])
@pytest.mark.parametrize("rms", [0.003, 0.3])
def test_dense_material_meets_every_target(target: LoudnessTarget, rms: float) -> None:
    wanted, peak = LOUDNESS[target]
    mastered = master(noise(3, rms), target)
    assert mastered.note is None
    assert mastered.loudness == measure(mastered.samples, "stereo")
    assert mastered.loudness.integrated_lufs == pytest.approx(wanted, abs=0.1)
    assert mastered.loudness.true_peak_dbtp <= peak


def test_moderate_peaks_are_limited_to_meet_the_target() -> None:
    samples = noise(3, 0.02) + clicks(3, 0.5, 0.5)
    mastered = master(samples, LoudnessTarget.EBU_R128)
    assert mastered.loudness.integrated_lufs == pytest.approx(-23.0, abs=0.1)
    assert mastered.loudness.true_peak_dbtp <= -1.0
    assert 0 < mastered.limited_db <= MAX_LIMITING_DB


def test_sparse_peaks_win_over_loudness_with_a_note() -> None:
    mastered = master(clicks(4, 1.0, 0.1), LoudnessTarget.EBU_R128)
    assert mastered.loudness.true_peak_dbtp <= -1.0
    assert mastered.loudness.integrated_lufs < -23.1
    assert mastered.limited_db <= MAX_LIMITING_DB + 0.2
    assert "-23.0 LUFS" in mastered.note.text
    assert f"{mastered.loudness.integrated_lufs:.1f} LUFS" in mastered.note.text


def test_near_silence_is_not_blown_up() -> None:
    faint = master(noise(1, 2e-4), LoudnessTarget.EBU_R128)
    assert faint.gain_db == MAX_GAIN_DB
    assert "nearly silent" in faint.note.text
    silent = master(np.zeros((2, RATE), np.float32), LoudnessTarget.EBU_R128)
    assert (silent.gain_db, silent.samples.any()) == (0.0, False)
    assert "gate" in silent.note.text


def test_no_loudness_target_only_holds_the_peak() -> None:
    calm = noise(1, 0.01)
    mastered = master(calm, LoudnessTarget.THEATRICAL)
    assert (mastered.gain_db, mastered.note) == (0.0, None)
    assert np.array_equal(mastered.samples, calm)
    hot = master(noise(1, 3.0), LoudnessTarget.THEATRICAL)
    assert hot.loudness.true_peak_dbtp <= -2.0
    assert hot.limited_db <= MAX_LIMITING_DB + 0.2
