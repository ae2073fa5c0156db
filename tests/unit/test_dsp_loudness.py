import subprocess
from pathlib import Path
from shutil import which

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_designer.dsp.level.loudness import LoudnessMeter, measure
from foley_designer.dsp.level.true_peak import peak_envelope, true_peak_db

RATE = 48_000


def tone(level_db: float, seconds: float, frequency: float = 1000.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def stereo(*steps: tuple[float, float]) -> np.ndarray:
    wave = np.concatenate([tone(level, seconds) for level, seconds in steps])
    return np.stack([wave, wave])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
    ids=["case_1", "case_2", "case_4", "case_5"],
)
@pytest.mark.slow
def test_integrated_loudness_of_ebu_3341(steps: list[tuple[float, float]], expected: float) -> None:
    assert measure(stereo(*steps), "stereo").integrated_lufs == pytest.approx(expected, abs=0.1)


def test_surrounds_weigh_more_and_the_lfe_nothing() -> None:
    levels = (-28, -28, -24, -6, -30, -30)  # EBU 3341 case 6 with something in the LFE
    surround = np.stack([tone(level, 20) for level in levels])
    assert measure(surround, "5.1").integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_short_term_and_momentary_of_ebu_3341() -> None:
    case_9 = measure(stereo(*[(-20, 1.34), (-30, 1.66)] * 5), "stereo")
    assert case_9.short_term_max_lufs == pytest.approx(-23.0, abs=0.1)
    case_12 = measure(stereo(*[(-20, 0.18), (-30, 0.22)] * 25), "stereo")
    assert case_12.momentary_max_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(-20, 20), (-30, 20)], 10),
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
    ],
)
@pytest.mark.slow
def test_loudness_range_of_ebu_3342(steps: list[tuple[float, float]], expected: float) -> None:
    assert measure(stereo(*steps), "stereo").range_lu == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize(
    ("divisor", "phase_deg", "amplitude", "expected"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_true_peak_of_ebu_3341(
    divisor: int, phase_deg: float, amplitude: float, expected: float
) -> None:
    count = np.arange(RATE)
    fade = np.minimum(1, np.minimum(count, RATE - count) / 2400)
    wave = amplitude * fade * np.sin(2 * np.pi * count / divisor + np.deg2rad(phase_deg))
    peak = true_peak_db(np.stack([wave, wave]).astype(np.float32))
    assert expected - 0.4 <= peak <= expected + 0.2  # tolerance of cases 15 to 19


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9000), min_size=1, max_size=6))
def test_blocks_of_any_size_read_alike(seed: int, sizes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    samples = (rng.standard_normal((2, sum(sizes) + 20_000)) * 0.1).astype(np.float32)
    meter = LoudnessMeter("stereo")
    start = 0
    for size in [*sizes, 20_000]:
        meter.push(samples[:, start : start + size])
        start += size
    pieces, whole = meter.result(), measure(samples, "stereo")
    assert pieces.true_peak_dbtp == pytest.approx(whole.true_peak_dbtp, abs=1e-4)
    assert pieces.momentary_max_lufs == pytest.approx(whole.momentary_max_lufs, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_shortcut_of_the_peak_meter_misses_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bursts = rng.standard_normal((1, 12_000)) * (rng.random(12_000) < 0.01)
    samples = bursts.astype(np.float32)
    meter = 10 ** (true_peak_db(samples) / 20)
    assert meter == pytest.approx(float(peak_envelope(samples).max()), rel=1e-5)
    assert meter >= np.abs(samples).max()


def test_what_cannot_be_measured_says_why() -> None:
    short = measure(stereo((-20, 0.3)), "stereo")
    assert short.integrated_lufs is None
    assert "400 ms" in (short.reason or "")
    silent = measure(np.zeros((2, RATE), np.float32), "stereo")
    assert (silent.integrated_lufs, silent.true_peak_dbtp) == (None, None)
    assert "gate" in (silent.reason or "")
    assert silent.short_term_lufs == (None,)


def test_channels_must_fit_the_layout() -> None:
    with pytest.raises(ValueError, match=r"5\.1 has 6"):
        measure(np.zeros((2, 100), np.float32), "5.1")


@pytest.mark.oracle
@pytest.mark.parametrize(("layout", "rows"), [("stereo", [0, 1]), ("5.1", [0, 1, 2, 4, 5])])
def test_pyloudnorm_agrees(layout: str, rows: list[int]) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm")
    rng = np.random.default_rng(7)
    swell = np.abs(np.sin(np.linspace(0, 9, 6 * RATE)))
    channels = 6 if layout == "5.1" else 2
    samples = (rng.standard_normal((channels, 6 * RATE)) * 0.1 * swell).astype(np.float32)
    meter = pyloudnorm.Meter(RATE, filter_class="DeMan")
    theirs = meter.integrated_loudness(samples[rows].T.astype(np.float64))
    assert measure(samples, layout).integrated_lufs == pytest.approx(theirs, abs=0.02)


@pytest.mark.oracle
@pytest.mark.skipif(which("ffmpeg") is None, reason="needs ffmpeg")
@pytest.mark.parametrize(("layout", "channels"), [("stereo", 2), ("5.1", 6)])
def test_ffmpeg_agrees(layout: str, channels: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    swell = np.abs(np.sin(np.linspace(0, 9, 8 * RATE)))
    samples = (rng.standard_normal((channels, 8 * RATE)) * 0.2 * swell).astype(np.float32)
    path = tmp_path / "noise.wav"
    soundfile.write(path, samples.T, RATE, format="WAVEX", subtype="FLOAT")
    printed = subprocess.run(
        ["ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    summary = printed[printed.rindex("Summary:") :]
    theirs = {
        key.strip(): float(rest.split()[0])
        for key, _, rest in (line.partition(":") for line in summary.splitlines())
        if key.strip() in {"I", "LRA", "Peak"}
    }
    ours = measure(samples, layout)
    assert ours.integrated_lufs == pytest.approx(theirs["I"], abs=0.1)
    assert ours.range_lu == pytest.approx(theirs["LRA"], abs=0.2)
    assert ours.true_peak_dbtp == pytest.approx(theirs["Peak"], abs=0.15)
