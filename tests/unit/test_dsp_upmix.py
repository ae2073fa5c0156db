import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.gains import amplitude_db
from foley_designer.dsp.level.true_peak import true_peak_db
from foley_designer.dsp.spatial.upmix import downmix, low_frequency_effects, matrix, upmix

RATE = 48_000


def power_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.square(samples, dtype=np.float64).sum() + 1e-30))


def pan(wave: np.ndarray, azimuth: float) -> np.ndarray:
    """Constant power; azimuth 1 is left, -1 right."""
    angle = (1 - azimuth) * np.pi / 4
    return np.stack([np.cos(angle) * wave, np.sin(angle) * wave])


def bursts(seconds: float, rng: np.random.Generator) -> np.ndarray:
    wave = np.zeros(round(seconds * RATE))
    for start in rng.uniform(0, seconds - 0.3, round(4 * seconds)):
        first = round(start * RATE)
        wave[first : first + 9600] += rng.standard_normal(9600) * np.exp(-np.arange(9600) / 1500)
    return wave


def scene(seed: int, seconds: float = 2.0, peak: float = 0.7) -> np.ndarray:
    """Panned bursts over independent noise."""
    rng = np.random.default_rng(seed)
    placed = sum(pan(bursts(seconds, rng), rng.uniform(-1, 1)) for _ in range(3))
    diffuse = rng.standard_normal((2, round(seconds * RATE))) * rng.uniform(0, 0.3)
    mix = placed + diffuse
    return (peak * mix / np.abs(mix).max()).astype(np.float32)


def as_24_bit(samples: np.ndarray) -> np.ndarray:
    scaled = np.rint(samples.astype(np.float64) * 2**23)
    return np.clip(scaled, -(2**23), 2**23 - 1) / 2**23


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
@pytest.mark.slow
def test_the_downmix_of_24_bit_files_is_the_stereo(seed: int, peak: float) -> None:
    stereo = scene(seed, peak=peak)
    error = downmix(as_24_bit(upmix(stereo, -10))) - as_24_bit(stereo)
    assert power_db(error) - power_db(stereo) < -80 - min(0, 20 * np.log10(peak) + 20)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_scene_keeps_its_energy(seed: int) -> None:
    stereo = scene(seed, 1.0)
    mains = upmix(stereo, -10)[[0, 1, 2, 4, 5]]
    # Equal shares of one sound in C and a side add as voltages in the downmix and as powers here.
    worst = 10 * np.log10((1 + np.sqrt(2) + 1) / 2)
    assert -worst < power_db(mains) - power_db(stereo) < 0.5


@settings(max_examples=10, deadline=None)
@given(st.floats(-1, 1))
def test_a_lone_source_keeps_its_energy_wherever_it_is(azimuth: float) -> None:
    stereo = pan(0.05 * bursts(1.0, np.random.default_rng(0)), azimuth).astype(np.float32)
    assert power_db(upmix(stereo, -10)[[0, 1, 2, 4, 5]]) == pytest.approx(power_db(stereo), abs=0.3)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-6.0, -0.2))
@pytest.mark.slow
def test_no_channel_peaks_above_a_limited_stereo(seed: int, ceiling: float) -> None:
    stereo = limit(4 * scene(seed), ceiling).samples
    surround = upmix(stereo, 0.0, ceiling)
    assert true_peak_db(surround) <= ceiling + 0.05


def test_the_middle_goes_to_the_centre() -> None:
    rng = np.random.default_rng(0)
    for wave in (0.1 * rng.standard_normal(RATE), 0.5 * np.sin(np.arange(RATE) * 0.06)):
        surround = upmix(pan(wave, 0.0).astype(np.float32), -10)
        assert power_db(surround[0]) < power_db(surround[2]) - 20
        assert power_db(surround[4:]) < power_db(surround[2]) - 30
        assert power_db(surround[2]) == pytest.approx(power_db(wave), abs=0.2)


def test_the_side_stays_at_the_side() -> None:
    wave = bursts(2.0, np.random.default_rng(0)) * 0.1
    surround = upmix(pan(wave, 1.0).astype(np.float32), -10)
    assert power_db(surround[0]) == pytest.approx(power_db(wave), abs=0.1)
    for row in (1, 2, 4, 5):
        assert power_db(surround[row]) < power_db(wave) - 30


def test_ambience_surrounds_without_correlation() -> None:
    rng = np.random.default_rng(1)
    own = rng.standard_normal((2, 4 * RATE))
    ambience = (0.1 * (own + 0.3 * rng.standard_normal(4 * RATE))).astype(np.float32)
    surround = upmix(ambience, -10)
    assert power_db(surround[4:]) > power_db(ambience) - 12
    assert abs(np.corrcoef(surround[4], surround[5])[0, 1]) < 0.2
    assert abs(np.corrcoef(surround[0], surround[4])[0, 1]) < 0.3


def test_the_lfe_is_low_linear_phase_and_as_loud_as_told() -> None:
    rng = np.random.default_rng(2)
    stereo = (0.1 * rng.standard_normal((2, 8 * RATE))).astype(np.float32)
    lfe = upmix(stereo, -10)[3]
    frequencies, density = signal.welch(lfe.astype(np.float64), RATE, nperseg=16384)
    _, mains = signal.welch(stereo.sum(axis=0), RATE, nperseg=16384)
    band = (frequencies > 30) & (frequencies < 90)
    assert 10 * np.log10(density[frequencies >= 180].max() / density[band].mean()) < -60
    assert 10 * np.log10(density[band].sum() / mains[band].sum()) == pytest.approx(-10, abs=0.1)
    for hz in (20, 40, 63, 80, 100, 119):  # in phase with the mains: no dip where they add
        tone = np.sin(2 * np.pi * hz * np.arange(RATE) / RATE).astype(np.float32) * 0.2
        low = low_frequency_effects(np.stack([tone, tone]), -6.0, 0.0)
        inner = slice(RATE // 4, 3 * RATE // 4)
        assert power_db((tone + low)[inner]) > power_db(tone[inner])


def test_length_edges_and_silence() -> None:
    for count in (1, 100, 1024, 5000):
        stereo = np.full((2, count), 0.1, np.float32)
        surround = upmix(stereo, -10)
        assert surround.shape == (6, count)
        assert amplitude_db(np.abs(downmix(surround) - stereo).max()) < -120
    assert not upmix(np.zeros((2, 5000), np.float32), -10).any()


def test_long_clips_do_not_hear_where_pieces_end() -> None:
    stereo = scene(5, seconds=8.0)
    cut, settled = 1024 * 150, 2 * RATE  # another frame first, on the same grid
    whole = upmix(stereo, -10)[:, cut + settled :]
    tail = upmix(stereo[:, cut:], -10)[:, settled:]
    assert power_db(whole - tail) < power_db(whole) - 80


def test_the_fixed_matrix_is_the_papers() -> None:
    stereo = scene(3)
    surround = matrix(stereo, -10)
    assert np.array_equal(surround[:2], stereo)
    assert np.allclose(surround[2], stereo.mean(axis=0))
    assert np.allclose(surround[4:], 0.5 * stereo)
    assert np.array_equal(surround[3], upmix(stereo, -10)[3])
