import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_designer.metrics.onset import detect_onsets, locate_onset, match_onsets, onset_f1

FS = 48_000
TIMES = st.lists(st.integers(0, 400), max_size=12).map(lambda xs: sorted(x / 100 for x in xs))


@settings(deadline=None, max_examples=150)
@given(TIMES, TIMES, st.sampled_from([0.0105, 0.055, 0.2505]))
def test_f1_equals_mir_eval(reference, estimate, tolerance):
    mir_eval = pytest.importorskip("mir_eval")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it warns of empty lists
        expected = mir_eval.onset.f_measure(
            np.array(reference), np.array(estimate), window=tolerance
        )
    assert onset_f1(reference, estimate, tolerance) == pytest.approx(expected)


def test_each_onset_is_matched_once():
    assert match_onsets([1.0, 1.02], [1.01], 0.05) == [(0, 0)]
    assert match_onsets([1.0, 2.0], [0.96, 1.04, 2.2], 0.05) == [(0, 0)]


def _decays(times, *, noise=0.0, seconds=3.0, seed=0):
    rng = np.random.default_rng(seed)
    sound = noise * rng.standard_normal(round(seconds * FS))
    t = np.arange(FS // 2) / FS
    for index, time in enumerate(times):
        burst = np.exp(-t / 0.08) * (
            np.sin(2 * np.pi * 700 * t) + 0.3 * rng.standard_normal(len(t))
        )
        start = round(time * FS)
        piece = burst[: len(sound) - start] * (0.3 + 0.1 * (index % 3))
        sound[start : start + len(piece)] += piece
    return sound.astype(np.float32)[None]


def test_onsets_are_located_below_a_millisecond():
    times = [0.2, 0.5123, 0.9, 1.3037, 2.2]
    for noise in (0.0, 1e-4, 3e-3):
        sound = _decays(times, noise=noise)
        found = [locate_onset(sound, FS, time + 0.004) for time in times]
        assert all(onset and onset.rise_db > 3 for onset in found)
        assert np.abs(np.array([onset.time_s for onset in found]) - times).max() < 1e-3


def test_detection_finds_hits_and_nothing_else():
    times = [0.2, 0.5123, 0.9, 1.3037, 2.2]
    found = [onset.time_s for onset in detect_onsets(_decays(times, noise=1e-3), FS)]
    assert onset_f1(times, found, 0.002)[0] == 1.0


def test_steady_noise_and_silence_have_no_onset():
    noise = 0.1 * np.random.default_rng(1).standard_normal((1, 2 * FS)).astype(np.float32)
    assert [o.time_s for o in detect_onsets(noise, FS) if o.time_s > 0.05] == []
    assert detect_onsets(np.zeros((2, FS), np.float32), FS) == []
    assert locate_onset(np.zeros((1, FS), np.float32), FS, 0.5) is None
