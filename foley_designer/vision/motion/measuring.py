"""Measuring one frame against the last: camera movement, and what moves against it."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.regions import Moving
from foley_designer.vision.video.frame import Frame, Image

WIDTH = 160
"""Pixels across at which movement is measured: twice what flow is found at, for dense flow is found
at a quarter of the resolution and enlarged."""
FINE = 320
"""Pixels across at which frames are compared: what a thin or small thing changes is seen in it."""
MIN_MOTION_PX = 0.3
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
    """Similarity from the last frame to this one, pixels: the camera."""
    agreement: float
    """Share of the frame that moves so."""
    grey: Grey
    moving: Moving


class MotionMeter:
    """Measures frames one after another; holds the last one."""

    def __init__(self) -> None:
        self._flow = dense_flow()
        self._last: tuple[Grey, Grey] | None = None
        self._time_s = 0.0

    def measure(self, frame: Frame) -> Measured:
        """Compare a frame with the one before; the first one is still."""
        fine = _reduced(frame.image, FINE)
        small = _reduced(fine, WIDTH)
        fine_grey, grey = (
            np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY), np.uint8) for one in (fine, small)
        )
        gap_s, self._time_s = frame.time_s - self._time_s, frame.time_s
        last, self._last = self._last, (fine_grey, grey)
        if last is None or last[1].shape != grey.shape:
            none = np.zeros(grey.shape, np.float32)
            still = Moving(small, none > 0, np.zeros((*grey.shape, 2), np.float32), none)
            return Measured(frame.time_s, gap_s, np.eye(2, 3), 1.0, grey, still)
        flow = self._flow.calc(last[1], grey, None)  # type: ignore[call-overload]
        matrix, agreement = similarity(flow)
        residual = flow - _matrix_flow(matrix, grey.shape)
        change = _change(last[0], fine_grey, matrix, grey.shape)
        squared = np.einsum("ijk,ijk->ij", residual, residual)
        mask = (squared > MIN_MOTION_PX**2) & (change > TOUCHED) | (change > MIN_CHANGE)
        moving = Moving(small, mask, residual, change)
        return Measured(frame.time_s, gap_s, matrix, agreement, grey, moving)


def dense_flow() -> cv2.DISOpticalFlow:
    """Dense flow between two greys `WIDTH` across (Kroeger and others, DIS, 2016)."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    flow.setFinestScale(1)
    return flow


def similarity(flow: Floats) -> tuple[Matrix, float]:
    """Similarity that explains most of the flow (RANSAC, seeded inside OpenCV), and its share."""
    start = _lattice(flow.shape[:2])
    end = start + flow[2::4, 2::4].reshape(-1, 2)
    matrix, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=0.5)
    if matrix is None:  # fewer than two points agree
        return np.eye(2, 3), 0.0  # type: ignore[unreachable]
    return matrix.astype(np.float64), float(np.mean(inliers))


@cache
def _lattice(shape: tuple[int, ...]) -> Floats:
    """Every fourth pixel, x and y, ``[count, 2]``."""
    rows, columns = np.mgrid[2 : shape[0] : 4, 2 : shape[1] : 4]
    return np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)


def corners(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The corners of a frame, ``[4, 2]``, x and y."""
    high, wide = shape[0] - 1.0, shape[1] - 1.0
    return np.array([[0.0, 0.0], [wide, 0.0], [0.0, high], [wide, high]])


def carried(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points ``[count, 2]`` where a 2×3 matrix takes them."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def _reduced(image: Image, width: int) -> Image:
    height = max(16, round(image.shape[0] * width / image.shape[1]))
    if image.shape[:2] == (height, width):
        return image
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _matrix_flow(matrix: Matrix, shape: tuple[int, ...]) -> Floats:
    moved = (matrix - np.eye(2, 3)).astype(np.float32)
    columns = np.arange(shape[1], dtype=np.float32)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    found = np.empty((*shape, 2), np.float32)
    for axis, row in enumerate(moved):
        np.add(row[0] * columns, row[1] * rows + row[2], out=found[..., axis])
    return found


def _change(last: Grey, grey: Grey, matrix: Matrix, shape: tuple[int, ...]) -> Floats:
    """Grey-level change after undoing the camera's movement; the rim that moved in is still.

    Frames are compared as they are, and the change is reduced to a shape.
    """
    size, scale = (grey.shape[1], grey.shape[0]), grey.shape[1] / shape[1]
    whole = np.column_stack([matrix[:, :2], scale * matrix[:, 2]])
    moved = cv2.warpAffine(last, whole, size, borderMode=cv2.BORDER_REPLICATE)
    change = cv2.absdiff(grey, moved)
    change[:3], change[-3:], change[:, :3], change[:, -3:] = 0, 0, 0, 0
    reduced = cv2.resize(change.astype(np.float32), shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.float32)
