from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.dsp.spatial.air import absorption_db_per_m
from foley_designer.dsp.spatial.delay import read_between
from foley_designer.generator.engine import Dry
from foley_designer.generator.motion import Delay, motion_of
from foley_designer.generator.placement import (
    MONO_LOSS_DB,
    Profile,
    channel_gains,
    distance_gain,
    mono_loss_db,
    place,
    time_difference_s,
)
from foley_designer.metrics.gcc import gcc_phat_delays

FS = 48_000


def _trajectory(azimuth, distance, seconds=1.0, rate=25, extent=0.0):
    count = round(seconds * rate)
    return Trajectory(
        event_id="e",
        rate=Fraction(rate),
        azimuth_deg=tuple(np.broadcast_to(np.asarray(azimuth, float), count).tolist()),
        distance_m=tuple(np.broadcast_to(np.asarray(distance, float), count).tolist()),
        active=(True,) * count,
        extent_deg=extent,
    )


def _noise(seconds=1.0, seed=0, channels=1):
    rng = np.random.default_rng(seed)
    return 0.1 * rng.standard_normal((channels, round(seconds * FS))).astype(np.float32)


def _tone(hz, seconds=1.0):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * FS)) / FS).astype(np.float32)[None]


def _level_db(samples):
    return 10 * np.log10(np.mean(samples.astype(np.float64) ** 2))


def test_air_absorbs_as_the_standards_table():
    # ISO 9613-1:1993, table 1, 20 °C and 50 %, dB/km at the octave bands' nominal frequencies.
    table = {125: 0.445, 500: 2.73, 1000: 4.66, 2000: 9.86, 4000: 29.4, 8000: 104.0}
    for hz, loss in table.items():
        assert 1000 * absorption_db_per_m(hz) == pytest.approx(loss, rel=0.02)
    assert absorption_db_per_m(4000, 10.0, 20.0) > 2 * absorption_db_per_m(4000)


@pytest.mark.parametrize(("hz", "error_db"), [(1000, -110), (8000, -100), (12000, -75)])
def test_reading_between_samples_is_exact(hz, error_db):
    positions = np.arange(500, 20_000) * 1.037 + 0.31
    exact = np.sin(2 * np.pi * hz * positions / FS)
    assert _level_db(read_between(_tone(hz)[0], positions) - exact) - _level_db(exact) < error_db
    assert not read_between(_tone(hz)[0], np.array([-50.0, FS + 50.0])).any()


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("azimuth", [-90, -45, -17, -5, 0, 2, 30, 80, 135, 180])
def test_time_and_level_follow_the_azimuth(azimuth, profile):
    stereo = place(Dry(_noise()), _trajectory(azimuth, 1.0), Space.STREET, profile=profile)
    left, right = stereo[:, 2000:-2000].astype(np.float64)
    read = gcc_phat_delays(left[None], right[None], FS, between_samples=True)[0]
    assert read == pytest.approx(0.17 / 343 * np.sin(np.radians(azimuth)), abs=4e-6)
    wanted = channel_gains(azimuth, profile)
    assert _level_db(left) - _level_db(right) == pytest.approx(
        20 * np.log10(wanted[0] / wanted[1]), abs=0.05
    )
    assert np.sum(np.square(wanted)) == pytest.approx(1.0)


def test_left_is_positive_and_level_grows_with_azimuth():
    azimuths = np.linspace(-60, 60, 121)
    left, right = channel_gains(azimuths)
    assert np.all(np.diff(left / right) >= 0)
    assert (left / right)[-1] == pytest.approx(10 ** (12 / 20))
    assert time_difference_s(10.0) > 0


def test_six_db_a_doubling_and_air_on_top():
    levels = [
        _level_db(place(Dry(_tone(8000)), _trajectory(0.0, d), Space.STREET)[:, 9000:-9000])
        for d in (1.0, 2.0, 4.0, 51.0)
    ]
    assert levels[0] - levels[1] == pytest.approx(6.02 + absorption_db_per_m(8000), abs=0.05)
    assert levels[1] - levels[2] == pytest.approx(6.02 + 2 * absorption_db_per_m(8000), abs=0.05)
    lost = 20 * np.log10(51) + 50 * absorption_db_per_m(8000)
    assert levels[0] - levels[3] == pytest.approx(lost, abs=0.2)
    assert distance_gain(0.01) == distance_gain(0.5) == 2.0


@pytest.mark.parametrize("azimuth", [1.5, 4.0, 7.0, 11.0, 18.0, 25.0, 60.0, 90.0])
def test_mono_keeps_any_tone_within_three_decibels(azimuth):
    first_null = 0.5 / time_difference_s(azimuth)
    for hz in (0.6 * first_null, 0.8 * first_null, first_null, 1.3 * first_null):
        if hz < 15_000:
            dry = Dry(_tone(float(hz), 0.3) * np.hanning(round(0.3 * FS)).astype(np.float32))
            stereo = place(dry, _trajectory(azimuth, 2.0, 0.3), Space.STREET)
            assert mono_loss_db(stereo) <= MONO_LOSS_DB + 0.05
            bare = place(dry, _trajectory(azimuth, 2.0, 0.3), Space.STREET, profile=Profile.PAIR)
            if hz == first_null and azimuth < 60:
                assert mono_loss_db(bare) > 6.0


def test_shading_keeps_the_time_difference():
    bands = butter(4, [5000, 6600], "bandpass", fs=FS, output="sos")
    sound = sosfilt(bands, _noise(0.5)) + 0.02 * _noise(0.5, seed=1)
    stereo = place(Dry(sound.astype(np.float32)), _trajectory(10.0, 2.0, 0.5), Space.STREET)
    left, right = stereo[:, 2000:-2000].astype(np.float64)
    read = gcc_phat_delays(left[None], right[None], FS, between_samples=True)[0]
    assert read == pytest.approx(time_difference_s(10.0), abs=4e-6)
    assert _level_db(left) - _level_db(right) > 9.0


def _pass_by(t, speed=15.0, nearest=4.0):
    along = -15.0 + speed * np.asarray(t)
    return np.hypot(along, nearest), np.degrees(np.arctan2(-along, nearest))


def test_doppler_of_a_pass_by_equals_the_closed_form():
    times = np.arange(2 * FS) / FS
    distance, azimuth = _pass_by(np.arange(50) / 25)
    delay = np.zeros_like(times)
    for _ in range(40):
        delay = _pass_by(times - delay)[0] / 343.0
    left = times - delay
    distance_then, azimuth_then = _pass_by(left)
    gain = distance_gain(distance_then) * 10 ** (
        -absorption_db_per_m(1000.0) * (distance_then - 1) / 20
    )
    half = time_difference_s(azimuth_then) / 2
    exact = gain * np.stack(
        [
            side * np.sin(2 * np.pi * 1000.0 * (left + sign * half))
            for side, sign in zip(channel_gains(azimuth_then), (1, -1), strict=True)
        ]
    )
    placed = place(
        Dry(_tone(1000.0, 2.0)),
        _trajectory(azimuth, distance, 2.0),
        Space.STREET,
        delay=Delay.PHYSICAL,
    )
    inner = slice(FS // 4, -FS // 4)
    assert _level_db(exact[:, inner]) - _level_db((placed - exact)[:, inner]) > 60.0


def test_on_picture_the_pitch_changes_when_the_source_passes():
    distance, azimuth = _pass_by(np.arange(50) / 25)
    motion = motion_of(_trajectory(azimuth, distance, 2.0), 2.0, Space.STREET)
    times = np.linspace(0.1, 1.8, 400)
    ratio = np.gradient(motion.source_time(times), times)
    along = -15.0 + 15.0 * times
    radial = 15.0 * along / np.hypot(along, 4.0)
    assert ratio[2:-2] == pytest.approx((1 / (1 + radial / 343.0))[2:-2], abs=2e-5)
    assert float(motion.source_time(np.zeros(1))[0]) == 0.0


def test_a_still_source_far_away_stays_on_its_frame_unless_asked():
    click = np.zeros((1, FS), np.float32)
    click[0, 10_000] = 1.0
    near, far = (place(Dry(click), _trajectory(0.0, d), Space.STREET) for d in (1.0, 34.3))
    assert np.argmax(near[0]) == np.argmax(far[0]) == 10_000
    late = place(Dry(click), _trajectory(0.0, 34.3), Space.STREET, delay=Delay.PHYSICAL)
    assert np.argmax(late[0]) == 14_800


def test_cuts_make_no_doppler_shift_and_jitter_little():
    cut = np.where(np.arange(50) < 20, 3.0, 9.0)
    motion = motion_of(_trajectory(0.0, cut, 2.0), 2.0, Space.STREET)
    assert motion.source_times == pytest.approx(motion.times, abs=1e-9)
    noisy = 5.0 * np.exp(0.03 * np.random.default_rng(0).standard_normal(100))
    motion = motion_of(_trajectory(0.0, noisy, 4.0), 4.0, Space.STREET)
    assert np.abs(np.diff(motion.source_times) / np.diff(motion.times) - 1).max() < 0.005


def test_movement_leaves_no_zipper_noise():
    azimuth = 40 * np.sin(np.arange(50) / 4)
    stereo = place(Dry(_tone(1000.0, 2.0)), _trajectory(azimuth, 2.0, 2.0), Space.STREET)
    window = np.blackman(FS)
    spectrum = np.abs(np.fft.rfft(stereo[0, FS // 2 : FS // 2 + FS] * window))
    assert spectrum[1400:].max() < 1e-5 * spectrum[1000 - 20 : 1000 + 20].max()


def test_a_sound_all_around_passes_and_narrows():
    dry = Dry(_noise(channels=2))
    around = place(dry, _trajectory(0.0, 3.0, extent=360.0), Space.FOREST)
    assert np.array_equal(around, dry.samples)
    narrow = place(dry, _trajectory(0.0, 3.0, extent=20.0), Space.FOREST)
    assert np.corrcoef(narrow)[0, 1] > 0.7
    opposed = np.concatenate([dry.samples[:1], -0.9 * dry.samples[:1]])
    safe = place(Dry(opposed), _trajectory(0.0, 3.0, extent=360.0), Space.FOREST)
    assert mono_loss_db(safe) <= MONO_LOSS_DB + 0.01


def test_result_has_the_length_asked_for():
    moving = _trajectory(0.0, np.linspace(3, 9, 25))
    assert place(Dry(_noise(0.3)), moving, Space.STREET, sample_count=FS).shape == (2, FS)
    assert place(Dry(_noise(2.0)), moving, Space.STREET, sample_count=777).shape == (2, 777)
