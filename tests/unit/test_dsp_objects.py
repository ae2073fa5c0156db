from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_designer.core.script.trajectory import Trajectory
from foley_designer.dsp.level.true_peak import true_peak_db
from foley_designer.dsp.spatial.objects import ObjectStem, objects
from foley_designer.dsp.spatial.panning import LOUDSPEAKERS_DEG, mdap, vbap
from foley_designer.dsp.spatial.upmix import downmix

RATE = 48_000


@settings(max_examples=100)
@given(st.floats(-720, 720), st.floats(0, 360))
def test_panning_keeps_power(azimuth: float, extent: float) -> None:
    for gains in (vbap(azimuth)[0], mdap(azimuth, extent)[0]):
        assert np.square(gains).sum() == pytest.approx(1.0, abs=1e-6)
        assert gains.min() >= -1e-12


@settings(max_examples=50)
@given(st.floats(-180, 180))
def test_a_point_points_where_it_should(azimuth: float) -> None:
    gains = vbap(azimuth)[0]
    angles = np.deg2rad(LOUDSPEAKERS_DEG)
    towards = np.arctan2((gains * np.sin(angles)).sum(), (gains * np.cos(angles)).sum())
    assert (np.rad2deg(towards) - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
    assert np.count_nonzero(gains > 1e-9) <= 2


def test_a_loudspeaker_plays_alone_what_comes_from_it() -> None:
    assert np.allclose(vbap(LOUDSPEAKERS_DEG), np.eye(5))


def test_width_spreads_without_moving() -> None:
    narrow, wide = mdap(0, 10)[0], mdap(0, 120)[0]
    assert wide[2] < narrow[2]
    assert wide[0] == pytest.approx(wide[1])
    assert np.allclose(mdap(77, 0), vbap(77))


def trajectory(azimuth: tuple[float, ...], extent: float = 0.0) -> Trajectory:
    frames = len(azimuth)
    return Trajectory(
        event_id="x",
        rate=Fraction(25),
        azimuth_deg=azimuth,
        distance_m=(2.0,) * frames,
        active=(True,) * frames,
        extent_deg=extent,
    )


def stem(folder: Path, name: str, samples: np.ndarray, path: Trajectory) -> ObjectStem:
    file = folder / f"{name}.wav"
    soundfile.write(file, samples.T, RATE, subtype="FLOAT")
    return ObjectStem(file, 0.0, path)


def energy_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.square(samples, dtype=np.float64).sum() + 1e-30))


def placed(wave: np.ndarray, left: float) -> np.ndarray:
    return np.stack([left * wave, np.sqrt(1 - left**2) * wave]).astype(np.float32)


def test_an_object_moves_over_the_loudspeakers(tmp_path: Path) -> None:
    wave = 0.05 * np.random.default_rng(0).standard_normal(4 * RATE)
    path = trajectory(tuple(np.linspace(110.0, 30.0, 101)))
    surround = objects([stem(tmp_path, "car", placed(wave, 0.97), path)], 4 * RATE, -10)
    start, end = surround[:, : RATE // 4], surround[:, -RATE // 4 :]
    assert energy_db(start[4]) > energy_db(start[0]) + 15
    assert energy_db(end[0]) > energy_db(end[4]) + 15
    for row in (1, 2, 5):
        assert energy_db(surround[row]) < energy_db(surround[[0, 4]]) - 20


def test_a_centred_object_is_in_the_centre_and_keeps_its_level(tmp_path: Path) -> None:
    wave = 0.05 * np.random.default_rng(1).standard_normal(2 * RATE)
    stereo = placed(wave, np.sqrt(0.5))
    surround = objects([stem(tmp_path, "feet", stereo, trajectory((0.0,) * 50))], 2 * RATE, -10)
    assert energy_db(surround[2]) == pytest.approx(energy_db(stereo), abs=0.2)
    assert energy_db(surround[[0, 1]]) < energy_db(surround[2]) - 20


def test_what_is_all_around_goes_to_the_surrounds_too(tmp_path: Path) -> None:
    rain = (0.05 * np.random.default_rng(2).standard_normal((2, 2 * RATE))).astype(np.float32)
    path = trajectory((0.0,) * 50, extent=360.0)
    surround = objects([stem(tmp_path, "rain", rain, path)], 2 * RATE, -10)
    assert energy_db(surround[4:]) > energy_db(rain) - 12
    assert energy_db(downmix(surround) - rain) < energy_db(rain) - 80


def test_loud_objects_stay_under_the_ceiling(tmp_path: Path) -> None:
    wave = 0.4 * np.random.default_rng(3).standard_normal(RATE)
    stems = [
        stem(tmp_path, name, placed(wave, np.sqrt(0.5)), trajectory((azimuth,) * 25))
        for name, azimuth in (("one", 0.0), ("two", 15.0))
    ]
    assert true_peak_db(objects(stems, RATE, 0.0, -2.0)) <= -2.0 + 1e-6
