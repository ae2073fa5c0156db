"""Motion of one picture against the last: camera movement removed, moving regions found.

Displacements are in frame widths, x to the right and y down; places in 0..1 of width and height.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.decode import Frame, Image

WIDTH = 320
"""Pixels across at which motion is measured."""
DIRECTIONS = 8
"""Bins of a directional flow histogram (Davis and Agrawala, Visual Rhythm and Beat, 2018)."""
MIN_MOTION_PX = 0.6
"""Displacement below which a pixel counts as still: the noise of dense flow on film grain."""
MIN_CHANGE = 22.0
"""Grey levels by which a pixel must change to count as moving where flow lost it (blur)."""
TOUCHED = 5.0
"""Grey levels by which a moving pixel at least changes; flow also spills beyond what moves."""
MIN_AREA = 0.0006
"""Share of the frame that a moving region must have."""
MAX_REGIONS = 6

Floats = NDArray[np.float32]

ANGLES = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
AXES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype(np.float32)
"""Unit vectors of the directions."""


class Camera(NamedTuple):
    """Movement of the whole picture since the last one."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    turn_deg: float = 0.0
    agreement: float = 1.0
    """Share of the picture that moves so."""


class Region(NamedTuple):
    """A connected moving part of one picture."""

    left: float
    top: float
    right: float
    bottom: float
    x: float
    """Centre of its motion, weighted by speed."""
    y: float
    tip_x: float
    """Centre of the fastest tenth of its moving pixels: the end that hits."""
    tip_y: float
    dx: float
    """Mean displacement of its moving pixels."""
    dy: float
    area: float
    """Moving share of the frame."""
    flow: Floats
    """Directional flow histogram: displacement summed over its pixels, a frame's pixels = 1."""
    low_flow: Floats
    """The same over the lowest third of the region, where feet are."""
    change: float
    """Grey-level change summed over its pixels, 0..255, a frame's pixels = 1."""


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
    """Measures pictures one after another; holds the last picture alone."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: NDArray[np.uint8] | None = None
        self._time_s = 0.0

    def measure(self, frame: Frame) -> FrameMotion:
        """Compare a picture with the one before; the first one is still."""
        grey = _reduced(frame.image)
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
            _regions(mask, residual, change),
            _towards(residual[mask]).sum(0) / mask.size,
            float(change.mean()),
            float(mask.mean()),
        )


def _reduced(image: Image) -> NDArray[np.uint8]:
    height = max(16, round(image.shape[0] * WIDTH / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


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


def _towards(flow: Floats) -> Floats:
    """Displacement of each pixel towards each direction, ``[pixels, directions]``."""
    return np.asarray(np.maximum(flow @ AXES.T, 0) / WIDTH, np.float32)


def _regions(mask: NDArray[np.bool_], residual: Floats, change: Floats) -> tuple[Region, ...]:
    kernel = np.ones((9, 9), np.uint8)
    joined = cv2.dilate(mask.astype(np.uint8), kernel)
    count, labels = cv2.connectedComponents(joined)
    labels[~mask] = 0
    sizes = np.bincount(labels.ravel(), minlength=count)
    sizes[0] = 0
    order = np.argsort(-sizes, kind="stable")[:MAX_REGIONS]
    kept = [label for label in order if sizes[label] >= MIN_AREA * mask.size]
    return tuple(_region(labels == label, residual, change) for label in kept)


def _region(part: NDArray[np.bool_], residual: Floats, change: Floats) -> Region:
    height, width = part.shape
    rows, columns = np.nonzero(part)
    flow = residual[rows, columns]
    speed = np.hypot(flow[:, 0], flow[:, 1])
    weight = speed + 1e-3
    fast = speed >= np.percentile(speed, 90)
    left, right = np.percentile(columns, (1, 99))
    top, bottom = np.percentile(rows, (1, 99))
    towards = _towards(flow) / part.size
    return Region(
        left=float(left / width),
        top=float(top / height),
        right=float((right + 1) / width),
        bottom=float((bottom + 1) / height),
        x=float(np.average(columns, weights=weight) / width),
        y=float(np.average(rows, weights=weight) / height),
        tip_x=float(columns[fast].mean() / width),
        tip_y=float(rows[fast].mean() / height),
        dx=float(np.average(flow[:, 0], weights=weight) / width),
        dy=float(np.average(flow[:, 1], weights=weight) / width),
        area=len(rows) / part.size,
        flow=towards.sum(0),
        low_flow=towards[rows >= bottom - (bottom - top) / 3].sum(0),
        change=float(change[rows, columns].sum() / part.size),
    )
