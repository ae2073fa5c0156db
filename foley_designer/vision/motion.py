"""Motion of one picture against the last: camera movement removed, moving regions found.

Displacements are in frame widths, x to the right and y down; places in 0..1 of width and height.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.decode import Frame, Image
from foley_designer.vision.following import Follower
from foley_designer.vision.regions import DIRECTIONS, Moving, Region, towards

WIDTH = 320
"""Pixels across at which motion is measured."""
MIN_MOTION_PX = 0.6
"""Displacement below which a pixel counts as still: the noise of dense flow on film grain."""
MIN_CHANGE = 22.0
"""Grey levels by which a pixel must change to count as moving where flow lost it (blur)."""
TOUCHED = 5.0
"""Grey levels by which a moving pixel at least changes; flow also spills beyond what moves."""

Floats = NDArray[np.float32]


class Camera(NamedTuple):
    """Movement of the whole picture since the last one."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    turn_deg: float = 0.0
    agreement: float = 1.0
    """Share of the picture that moves so."""


class FrameMotion(NamedTuple):
    """What one picture shows against the last."""

    time_s: float
    gap_s: float
    """Seconds since the last picture."""
    camera: Camera
    regions: tuple[Region, ...]
    flow: Floats
    """Directional flow histogram of the whole picture."""
    change: float
    """Mean grey-level change, camera movement removed, 0..255."""
    moving: float
    """Moving share of the frame."""


class MotionMeter:
    """Measures pictures one after another; holds the last picture and what is being followed."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: NDArray[np.uint8] | None = None
        self._time_s = 0.0
        self._follower = Follower()

    def measure(self, frame: Frame) -> FrameMotion:
        """Compare a picture with the one before; the first one is still."""
        small = _reduced(frame.image)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
        gap_s, self._time_s = frame.time_s - self._time_s, frame.time_s
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            still = np.zeros(DIRECTIONS, np.float32)
            return FrameMotion(frame.time_s, gap_s, Camera(), (), still, 0.0, 0.0)
        flow = self._flow.calc(last, grey, None)  # type: ignore[call-overload]
        matrix, agreement = _camera_matrix(flow)
        residual = flow - _matrix_flow(matrix, grey.shape)
        change = _change(last, grey, matrix)
        speed = np.hypot(residual[..., 0], residual[..., 1])
        mask = (speed > MIN_MOTION_PX) & (change > TOUCHED) | (change > MIN_CHANGE)
        return FrameMotion(
            frame.time_s,
            gap_s,
            _camera(matrix, agreement, grey.shape),
            self._follower.follow(Moving(small, mask, residual, change), frame.time_s),
            towards(residual[mask], WIDTH).sum(0) / mask.size,
            float(change.mean()),
            float(mask.mean()),
        )


def _reduced(image: Image) -> Image:
    height = max(16, round(image.shape[0] * WIDTH / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _camera_matrix(flow: Floats) -> tuple[NDArray[np.float64], float]:
    """Similarity that explains most of the flow (RANSAC, seeded inside OpenCV), and its share."""
    rows, columns = np.mgrid[4 : flow.shape[0] : 8, 4 : flow.shape[1] : 8]
    start = np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)
    end = start + flow[rows.ravel(), columns.ravel()]
    matrix, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=1.0)
    if matrix is None:  # fewer than two points agree
        return np.eye(2, 3), 0.0  # type: ignore[unreachable]
    return matrix.astype(np.float64), float(np.mean(inliers))


def _matrix_flow(matrix: NDArray[np.float64], shape: tuple[int, ...]) -> Floats:
    moved = (matrix - np.eye(2, 3)).astype(np.float32)
    columns = np.arange(shape[1], dtype=np.float32)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    return np.stack([row[0] * columns + row[1] * rows + row[2] for row in moved], -1)


def _camera(matrix: NDArray[np.float64], agreement: float, shape: tuple[int, ...]) -> Camera:
    centre = np.array([shape[1] / 2, shape[0] / 2])
    shift = (matrix[:, :2] @ centre + matrix[:, 2] - centre) / shape[1]
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    return Camera(float(shift[0]), float(shift[1]), zoom, turn, agreement)


def _change(
    last: NDArray[np.uint8], grey: NDArray[np.uint8], matrix: NDArray[np.float64]
) -> Floats:
    """Grey-level change after undoing the camera's movement; the rim that moved in is still."""
    size = (grey.shape[1], grey.shape[0])
    moved = cv2.warpAffine(last, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    change = cv2.absdiff(grey, moved).astype(np.float32)
    change[:3], change[-3:], change[:, :3], change[:, -3:] = 0, 0, 0, 0
    return change
