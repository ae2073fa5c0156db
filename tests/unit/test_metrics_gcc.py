import numpy as np
import pytest

from foley_designer.dsp.spatial.delay import read_between
from foley_designer.metrics.frechet import frechet_distance, shrunk_frechet_distance
from foley_designer.metrics.fsad import adaptive_mean, fsad, fsad_embedding
from foley_designer.metrics.gcc import (
    MAX_DELAY_S,
    RATE,
    Windows,
    bewo_score,
    clip_delay_s,
    frame_delays,
    gcc_phat_delays,
    itd_error_us,
    mono_baseline,
    window_centres_s,
    window_delays,
)

FS = 48_000


def _noise(delay_s, seconds=0.6, seed=0):
    source = np.random.default_rng(seed).standard_normal(round(seconds * FS)).astype(np.float32)
    at = np.arange(len(source), dtype=np.float64)
    half = 0.5 * delay_s * FS
    return np.stack([read_between(source, at + half), read_between(source, at - half)])


def _slow_delay(left, right, rate, most):
    """The textbook: an explicit sum over frequencies for each lag."""
    size = 2 * len(left)
    cross = np.fft.fft(left, size) * np.conj(np.fft.fft(right, size))
    cross /= np.abs(cross) + 1e-20
    bins = np.arange(size)
    lags = np.arange(-most, most + 1)
    values = [abs(np.sum(cross * np.exp(2j * np.pi * bins * lag / size))) for lag in lags]
    return -lags[int(np.argmax(values))] / rate


@pytest.mark.parametrize("samples", [-20, -3, 0, 7, 23])
def test_delay_equals_the_textbook_sum(samples):
    sound = np.random.default_rng(samples + 50).standard_normal(400)
    left, right = np.roll(sound, -samples)[40:-40], sound[40:-40]
    expected = _slow_delay(left, right, 16_000, 24)
    assert gcc_phat_delays(left[None], right[None], 16_000)[0] == pytest.approx(expected)
    assert expected == pytest.approx(samples / 16_000)


def test_between_samples_reads_a_third_of_a_sample():
    for delay_us in (-333.0, -12.0, 0.0, 91.0, 480.0):
        left, right = _noise(delay_us * 1e-6)[:, 1000:9000].astype(np.float64)
        for whitening in (0.0, 1.0):
            read = gcc_phat_delays(
                left[None], right[None], FS, whitening=whitening, between_samples=True
            )
            assert 1e6 * read[0] == pytest.approx(delay_us, abs=6.0)


def test_digital_silence_reads_the_largest_delay_as_in_the_papers_code():
    assert gcc_phat_delays(np.zeros((1, 64)), np.zeros((1, 64)), 16_000)[0] == 1.5e-3
    half = _noise(0.0, 1.0)
    half[:, FS // 2 :] = 0
    gated, raw = window_delays(half, FS), window_delays(half, FS, skip_silence=False)
    assert clip_delay_s(gated) == 0.0
    assert 1e3 * clip_delay_s(raw, gate_db=None) == pytest.approx(0.6, abs=0.15)


def test_equal_channels_read_as_by_the_transform():
    mono = np.random.default_rng(3).standard_normal(RATE).astype(np.float32)
    mono[: RATE // 2] = 0.0
    delays, _ = frame_delays(np.stack([mono, mono]), RATE, frame_hop=64)
    off = np.nextafter(mono, np.float32(9.0))
    by_transform, _ = frame_delays(
        np.stack([mono, np.where(mono == 0, mono, off)]), RATE, frame_hop=64
    )
    assert np.array_equal(delays, by_transform)
    assert {0.0, MAX_DELAY_S} == set(np.unique(delays))


def test_windows_and_frames_are_the_papers():
    assert len(window_centres_s(10.0)) == 100
    delays, powers = frame_delays(_noise(250e-6, 0.3), FS)
    assert delays.shape == powers.shape == (3, 513)
    coarse, _ = frame_delays(_noise(250e-6, 0.3), FS, frame_hop=64)
    assert np.array_equal(coarse, delays[:, ::64])
    assert delays[1].mean() == pytest.approx(250e-6, abs=1e-9)


def test_bewo_number_of_centred_mono_is_the_known_one():
    steps = np.round(0.17 / 343.0 * np.sin(np.radians([-45, -15, 0, 15, 45])) * 16_000) / 16_000
    assert mono_baseline(steps) == pytest.approx(62.5)
    assert bewo_score(steps, steps) == 0.0


def test_itd_error_counts_heard_windows_alone():
    windows = Windows(np.array([1e-4, 9e-4, 2e-4]), np.array([-20.0, -90.0, -25.0]))
    assert itd_error_us(windows, [1e-4, 0.0, 1e-4]) == pytest.approx(50.0)
    assert itd_error_us(windows, [1e-4, 0.0, 1e-4], gate_db=None) == pytest.approx(1000 / 3)
    assert itd_error_us(Windows(np.zeros(1), np.array([-150.0])), [0.0]) is None


@pytest.mark.parametrize(("n1", "n2", "d"), [(40, 60, 8), (9, 7, 30)])
def test_frechet_equals_the_matrix_root(n1, n2, d):
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(n1)
    first, second = rng.standard_normal((n1, d)), 0.5 + 1.3 * rng.standard_normal((n2, d))
    covariances = [np.cov(x, rowvar=False) + 1e-10 * np.eye(d) for x in (first, second)]
    root = np.trace(np.real(sqrtm(covariances[0] @ covariances[1])))
    spread = sum(np.trace(c) for c in covariances)
    expected = np.sum((first.mean(0) - second.mean(0)) ** 2) + spread - 2 * root
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-3)
    assert frechet_distance(first, first) == pytest.approx(0.0, abs=1e-9)


def test_frechet_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="two embeddings"):
        frechet_distance(np.zeros((1, 3)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="got embeddings"):
        frechet_distance(np.zeros((4, 2)), np.zeros((4, 3)))


def test_pooling_averages_the_cells_of_adaptive_pooling():
    values = np.random.default_rng(0).standard_normal((2, 513))
    pooled = adaptive_mean(values, 256)
    for cell in (0, 1, 100, 255):
        start, stop = cell * 513 // 256, -(-(cell + 1) * 513 // 256)
        assert pooled[:, cell] == pytest.approx(values[:, start:stop].mean(axis=1))


def test_fsad_tells_stereo_images_apart():
    sets = []
    for azimuths, seed in (((0, 5), 0), ((0, 5), 10), ((30, 45), 20)):
        delays = 0.17 / 343 * np.sin(np.radians(azimuths))
        sets.append(
            [
                fsad_embedding(_noise(d, 1.0, seed + i), FS, frame_hop=128)
                for i, d in enumerate(delays)
            ]
        )
    assert sets[0][0].shape == (5120,)
    assert fsad(sets[0], sets[2]) > 10 * fsad(sets[0], sets[1])


@pytest.mark.parametrize(("n1", "n2", "d"), [(6, 9, 20), (40, 30, 8)])
def test_shrunk_frechet_equals_ledoit_and_wolf_written_out(n1, n2, d):
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(4)
    sets = [rng.standard_normal((n, d)) * (1 + np.arange(d)) / d + k for k, n in ((0, n1), (1, n2))]
    covariances = []
    for x in sets:
        c = x - x.mean(axis=0)
        s = c.T @ c / len(c)
        m = np.trace(s) / d
        away = np.sum((s - m * np.eye(d)) ** 2) / d
        scatter = np.mean([np.sum((np.outer(row, row) - s) ** 2) / d for row in c]) / len(c)
        share = min(scatter, away) / away
        assert 0.0 < share <= 1.0
        covariances.append(share * m * np.eye(d) + (1 - share) * s)
    root = np.trace(np.real(sqrtm(covariances[0] @ covariances[1])))
    expected = np.sum((sets[0].mean(0) - sets[1].mean(0)) ** 2) - 2 * root
    expected += sum(np.trace(each) for each in covariances)
    assert shrunk_frechet_distance(*sets) == pytest.approx(expected, rel=1e-6)
    assert shrunk_frechet_distance(sets[0], sets[0]) == pytest.approx(0.0, abs=1e-6)
    with pytest.raises(ValueError, match="got embeddings"):
        shrunk_frechet_distance(sets[0], sets[1][:, :3])
