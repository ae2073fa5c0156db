"""Flow leakage: ground beside a moving thing does not move with it, however a camera blurs it."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.yardstick.clip import CameraStyle, YardstickTruth, render
from foley_designer.vision.motion.background_model import silhouettes
from foley_designer.vision.motion.flow_leakage import without_leakage
from foley_designer.vision.motion.measuring import Measured, MotionMeter
from foley_designer.vision.motion.regions import Mask
from foley_designer.vision.video.decode import frames

WIDE = 160
NEAR = {"hammer": 0.3, "ball": 0.09}
"""Frame widths around where each sounds within which all of it, and its blur, lie."""


def watched(
    folder: Path, camera: CameraStyle, seed: int
) -> tuple[YardstickTruth, list[Measured], list[Mask | None]]:
    path = folder / "clip.mp4"
    truth = render(
        "hammer+ball", path, width=480, height=270, seconds=2.0, seed=seed, camera=camera
    )
    meter = MotionMeter()
    window = [meter.measure(frame) for frame in frames(path, 480)]
    return truth, window, list(silhouettes(window))


def moving(truth: YardstickTruth, window: list[Measured]) -> tuple[int, int]:
    """Moving pixels near the sources, and away from them."""
    near = far = 0
    for at, one in enumerate(window[1:], 1):
        rows, columns = np.nonzero(one.moving.mask)
        high = one.moving.mask.shape[0]
        away = np.ones(len(rows), np.bool_)
        for source in truth.sources:
            across, down = columns - WIDE * source.x[at], rows - high * source.y[at]
            away &= np.hypot(across, down) >= WIDE * NEAR[source.label]
        near, far = near + int((~away).sum()), far + int(away.sum())
    return near, far


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.slow
def test_ground_that_a_shaking_camera_blurs_does_not_move(tmp_path: Path, seed: int) -> None:
    truth, window, bodies = watched(tmp_path, "shake", seed)
    near, far = moving(truth, window)
    kept, left = moving(truth, without_leakage(window, bodies))
    assert far > 125, "nothing spilled"
    assert left < 0.2 * far
    assert kept > 0.8 * near


def test_a_camera_that_stands_needs_no_mending(tmp_path: Path) -> None:
    _, window, bodies = watched(tmp_path, "static", 2)
    mended = without_leakage(window, bodies)
    assert all(new is old for new, old in zip(mended, window, strict=True))
