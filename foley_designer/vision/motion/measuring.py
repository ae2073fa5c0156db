"""Measuring one frame against the last: camera movement, and what moves against it."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.regions import Moving
from foley_designer.vision.video.frame import Frame, Image

WIDTH = 320
"""Pixels across at which motion is measured."""
MIN_MOTION_PX = 0.6
"""Displacement below which a pixel counts as still: the noise of dense flow on film grain."""
MIN_CHANGE = 22.0
"""Grey levels by which a pixel must change to count as moving where flow lost it (blur)."""
TOUCHED = 5.0
"""Grey levels by which a moving pixel at least changes; flow also spills beyond what moves."""

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]
Grey = NDArray[np.uint8]


class Measured(NamedTuple):
    """One reduced frame and its motion since the last one."""

    time_s: float
    gap_s: float
    """Seconds since the last frame."""
    matrix: Matrix
    """Similarity from the last frame to this one: the camera."""
    agreement: float
    """Share of the frame that moves so."""
    grey: Grey
    moving: Moving


class MotionMeter:
    """Measures frames one after another; holds the last one."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: Grey | None = None
        self._time_s = 0.0

    def measure(self, frame: Frame) -> Measured:
        """Compare a frame with the one before; the first one is still."""
        small = _reduced(frame.image)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
        gap_s, self._time_s = frame.time_s - self._time_s, frame.time_s
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            none = np.zeros_like(grey)
            still = Moving(small, none > 0, np.zeros((*grey.shape, 2), np.float32), none)
            return Measured(frame.time_s, gap_s, np.eye(2, 3), 1.0, grey, still)
        flow = self._flow.calc(last, grey, None)  # type: ignore[call-overload]
        matrix, agreement = similarity(flow)
        residual = flow - _matrix_flow(matrix, grey.shape)
        change = _change(last, grey, matrix)
        squared = np.einsum("ijk,ijk->ij", residual, residual)
        mask = (squared > MIN_MOTION_PX**2) & (change > TOUCHED) | (change > MIN_CHANGE)
        moving = Moving(small, mask, residual, change)
        return Measured(frame.time_s, gap_s, matrix, agreement, grey, moving)


def similarity(flow: Floats) -> tuple[Matrix, float]:
    """Similarity that explains most of the flow (RANSAC, seeded inside OpenCV), and its share."""
    rows, columns = np.mgrid[4 : flow.shape[0] : 8, 4 : flow.shape[1] : 8]
    start = np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)
    end = start + flow[rows.ravel(), columns.ravel()]
    matrix, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=1.0)
    if matrix is None:  # fewer than two points agree
        return np.eye(2, 3), 0.0  # type: ignore[unreachable]
    return matrix.astype(np.float64), float(np.mean(inliers))


def corners(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The corners of a frame, ``[4, 2]``, x and y."""
    high, wide = shape[0] - 1.0, shape[1] - 1.0
    return np.array([[0.0, 0.0], [wide, 0.0], [0.0, high], [wide, high]])


def carried(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points ``[count, 2]`` where a 2×3 matrix takes them."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def _reduced(image: Image) -> Image:
    height = max(16, round(image.shape[0] * WIDTH / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _matrix_flow(matrix: Matrix, shape: tuple[int, ...]) -> Floats:
    moved = (matrix - np.eye(2, 3)).astype(np.float32)
    columns = np.arange(shape[1], dtype=np.float32)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    found = np.empty((*shape, 2), np.float32)
    for axis, row in enumerate(moved):
        np.add(row[0] * columns, row[1] * rows + row[2], out=found[..., axis])
    return found


def _change(last: Grey, grey: Grey, matrix: Matrix) -> Grey:
    """Grey-level change after undoing the camera's movement; the rim that moved in is still."""
    size = (grey.shape[1], grey.shape[0])
    moved = cv2.warpAffine(last, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    change = cv2.absdiff(grey, moved).astype(np.uint8, copy=False)
    change[:3], change[-3:], change[:, :3], change[:, -3:] = 0, 0, 0, 0
    return change
