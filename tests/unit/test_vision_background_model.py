"""The background model: what stays is ground, what differs from it is the whole of a thing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from foley_designer.vision.motion.background_model import _ranked, background_of, silhouettes
from foley_designer.vision.motion.measuring import Measured, MotionMeter
from foley_designer.vision.motion.regions import Mask, components
from foley_designer.vision.video.frame import Frame

HIGH, WIDE, SIDE = 180, 320, 40


def ground() -> NDArray[np.uint8]:
    """A patched ground wider than the frame, so that a camera can pan over it."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(60, 130, (HIGH // 10, WIDE // 5, 3))
    return np.repeat(np.repeat(coarse, 10, 0), 10, 1).astype(np.uint8)


def window(lefts: list[int], pan: float = 0.0) -> tuple[list[Measured], list[Mask]]:
    """A flat red square at places on the ground, seen by a camera that pans; its true pixels."""
    meter, measured, true = MotionMeter(), [], []
    for index, left in enumerate(lefts):
        picture, mask = ground(), np.zeros((HIGH, 2 * WIDE), np.bool_)
        mask[70 : 70 + SIDE, left : left + SIDE] = True
        picture[mask] = (40, 50, 220)
        shift = round(pan * index)
        shown = slice(shift, shift + WIDE)
        image = np.ascontiguousarray(picture[:, shown])
        measured.append(meter.measure(Frame(index, index / 25, image)))
        true.append(mask[:, shown].reshape(HIGH // 2, 2, WIDE // 2, 2).mean((1, 3)) > 0.5)
    return measured, true


def overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("pan", [0.0, 1.0])
def test_flat_insides_belong_to_a_thing(pan: float) -> None:
    seen, true = window([20 + 5 * k for k in range(50)], pan)
    found = list(silhouettes(seen))
    for index in range(5, 50, 5):
        body = found[index]
        assert body is not None
        assert overlap(body, true[index]) > 0.85
    moving = seen[25].moving
    assert overlap(moving.mask, true[25]) < 0.6, "flow alone sees the ends"
    (part,) = components(moving._replace(body=found[25]))
    assert overlap(part, true[25]) > 0.85


def test_what_stood_there_for_most_of_the_time_leaves_no_ghost() -> None:
    seen, true = window([60] * 33 + [60 + 9 * k for k in range(1, 21)])
    found = list(silhouettes(seen))
    last = found[-1]
    assert last is not None
    assert overlap(last, true[-1]) > 0.85
    first = found[0]
    assert first is not None
    assert overlap(first, true[0]) > 0.85


def test_a_window_that_is_too_short_or_too_busy_tells_no_plate() -> None:
    seen, _ = window([20 + 5 * k for k in range(8)])
    assert background_of(seen) is None
    rng = np.random.default_rng(1)
    meter = MotionMeter()
    noise = [
        meter.measure(Frame(k, k / 25, rng.integers(0, 255, (HIGH, WIDE, 3)).astype(np.uint8)))
        for k in range(30)
    ]
    assert all(body is None or body.mean() < 0.3 for body in silhouettes(noise))


@pytest.mark.parametrize("count", [1, 2, 13, 28])
def test_ranks_are_those_of_a_sort(count: int) -> None:
    rng = np.random.default_rng(count)
    stack = rng.integers(0, 256, (count, 9, 16, 3), dtype=np.uint8)
    known = rng.random((count, 9, 16)) > 0.2
    rank = (np.maximum(known.sum(0), 1) - 1) // 2
    ordered = np.sort(np.where(known[..., None], stack, np.uint8(255)), axis=0)
    expected = np.take_along_axis(ordered, rank[None, :, :, None], 0)[0]
    assert (_ranked(stack, known, rank) == expected).all()
