"""Shots: what ends one, and what looks as if it did."""

import numpy as np
import pytest

from foley_designer.core.script.observation import Transition
from foley_designer.vision.video.frame_statistics import FrameStatistics
from foley_designer.vision.video.shots import stretches

RATE = 25


def still(seed, count):
    """Frames of one place, ``[count, 9, 16, 3]``, with the noise of a camera."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(40, 220, (9, 16, 3))
    return place + rng.normal(0, 1, (count, 9, 16, 3))


def shots(frames):
    frames = np.clip(frames, 0, 255).astype(np.uint8)
    looks = [
        FrameStatistics(
            f,
            f[..., 0].mean() / 255,
            np.percentile(f[..., 0], 95) / 255,
            0,
            f[..., 0].max() / 255,
        )
        for f in frames
    ]
    found = stretches(looks, np.arange(len(frames)) / RATE)
    return [(one.first, one.opens_with) for one in found[1:]]


def blended(one, other, length):
    share = (np.arange(1, length + 1) / (length + 1))[:, None, None, None]
    return np.concatenate(
        [one[:-length], one[-length:] * (1 - share) + other[:length] * share, other[length:]]
    )


def test_a_cut_is_found_to_the_frame():
    assert shots(np.concatenate([still(1, 40), still(2, 40)])) == [(40, Transition.CUT)]


@pytest.mark.parametrize("length", [4, 9, 16, 24])
def test_a_dissolve_is_found_near_its_middle(length):
    ((first, how),) = shots(blended(still(1, 60), still(2, 60), length))
    assert how is Transition.DISSOLVE
    assert abs(first - (60 - length / 2)) <= 3


def test_lightning_ends_no_shot():
    frames = still(1, 80)
    frames[40:43] = 250
    assert shots(frames) == []


def test_a_fade_through_black_is_one_join():
    dark = np.linspace(1, 0, 10)[:, None, None, None]
    one, other = still(1, 50), still(2, 50)
    one[-10:] *= dark
    other[:10] *= dark[::-1]
    ((first, how),) = shots(np.concatenate([one, other]))
    assert how is Transition.FADE
    assert abs(first - 50) <= 3


def test_long_black_is_a_shot_of_its_own():
    black = np.zeros((40, 9, 16, 3))
    found = shots(np.concatenate([still(1, 50), black, still(2, 50)]))
    assert [first for first, _ in found] == [50, 90]


def test_a_lamp_that_is_turned_down_and_a_title_that_comes_end_no_shot():
    room = still(1, 90)
    dimmed = room * np.linspace(1, 0.45, 90)[:, None, None, None]
    titled = room.copy()
    titled[30:, 3:5, 5:11] = 250
    titled[25:30, 3:5, 5:11] = np.linspace(room[25, 3:5, 5:11], 250, 5)
    assert shots(dimmed) == []
    assert shots(titled) == []


def test_a_pan_ends_no_shot():
    wide = np.random.default_rng(3).uniform(40, 220, (9, 12, 3)).repeat(10, axis=1)
    frames = np.stack([wide[:, k : k + 16] for k in range(100)])
    assert shots(frames) == []


def test_a_night_sky_between_fireworks_ends_no_shot():
    burst = np.clip(1.2 * np.abs(np.sin(np.arange(150) / 9)) - 0.2, 0, 1)
    assert shots(still(1, 150) * burst[:, None, None, None]) == []


def test_black_with_a_burnt_in_timecode_is_black_where_film_fades():
    dark = np.linspace(1, 0, 10)[:, None, None, None]
    one, other = still(1, 50), still(2, 50)
    one[-10:] *= dark
    other[:10] *= dark[::-1]
    frames = np.concatenate([one, other])
    frames[:, 8, 7] = 200
    ((first, how),) = shots(frames)
    assert how is Transition.FADE
    assert abs(first - 50) <= 3


def test_sparks_in_a_night_sky_end_no_shot():
    frames = np.zeros((150, 9, 16, 3)) + np.array((0, 128, 128))
    rng = np.random.default_rng(4)
    for burst in (30, 80):
        for age in range(20):
            cells = rng.permutation(144)[: 4 + 2 * age]
            frames[burst + age].reshape(-1, 3)[cells, 0] = 160 * (1 - age / 20)
    frames[..., 2, 12, 0] = 40  # a lamp
    assert shots(frames) == []
