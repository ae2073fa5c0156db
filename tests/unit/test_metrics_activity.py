import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.metrics.activity import active_frames, frame_power
from foley_designer.metrics.iou import frame_iou, interval_iou, merged

CELLS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(CELLS, CELLS)
def test_interval_iou_equals_counting_cells(first, second):
    masks = []
    for intervals in (first, second):
        mask = np.zeros(60, bool)
        for start, end in intervals:
            mask[start:end] = True
        masks.append(mask)
    assert interval_iou(first, second) == pytest.approx(frame_iou(*masks))


def test_iou_of_nothing_is_one():
    assert interval_iou([], []) == frame_iou(np.zeros(3, bool), np.zeros(3, bool)) == 1.0
    assert interval_iou([(0, 1)], []) == 0.0


def test_merged_intervals_neither_touch_nor_overlap():
    assert merged([(3, 4), (0, 1), (1, 2), (0.5, 1.5), (5, 5)]) == [(0, 2), (3, 4)]


@pytest.mark.parametrize("count", [0, 10, 96, 2_200_031])
def test_power_equals_the_mean_square(count):
    samples = np.random.default_rng(0).standard_normal((2, count)).astype(np.float32)
    power = frame_power(samples, 48)
    assert len(power) == -(-count // 48)
    for at in (0, len(power) // 2, len(power) - 1):
        if count:
            piece = samples[:, at * 48 : (at + 1) * 48].astype(np.float64)
            assert power[at] == pytest.approx(np.sum(piece**2) / piece.shape[1], rel=1e-5)


def test_differenced_power_of_a_ramp_is_its_slope():
    ramp = np.arange(2_200_000, dtype=np.float32)[None] * np.float32(1e-3)
    power = frame_power(ramp, 480, differenced=True)
    assert power[1:] == pytest.approx(1e-6, rel=0.1)


def test_activity_is_gated_and_held():
    power = np.repeat([0.0, 1.0, 1e-6, 1.0, 0.0, 0.0, 0.5], 10)
    edges = np.arange(8) * 10.0
    assert active_frames(power, edges).tolist() == [0, 1, 0, 1, 0, 0, 1]
    assert active_frames(power, edges, hold=1).tolist() == [0, 1, 1, 1, 0, 0, 1]
    assert not active_frames(np.zeros(70), edges).any()
