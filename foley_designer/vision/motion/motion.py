"""Motion of the frames of a clip: camera movement, and the moving things in each.

Displacements are in frame widths, x to the right and y down; places in 0..1 of width and height.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.background_model import silhouettes
from foley_designer.vision.motion.flow_leakage import without_leakage
from foley_designer.vision.motion.measuring import WIDTH, Measured, MotionMeter
from foley_designer.vision.motion.regions import DIRECTIONS, Mask, Region, towards
from foley_designer.vision.tracking.tracker import Tracker
from foley_designer.vision.video.frame import Frame

WINDOW_S = 8.0
"""Time over which frames are held to see what stays in them."""

Floats = NDArray[np.float32]


class Camera(NamedTuple):
    """Movement of the whole frame since the last one."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    agreement: float = 1.0
    """Share of the frame that moves so."""


class FrameMotion(NamedTuple):
    """What one frame shows against the last."""

    time_s: float
    gap_s: float
    """Seconds since the last frame."""
    camera: Camera
    regions: tuple[Region, ...]
    flow: Floats
    """Directional flow histogram of the whole frame."""
    change: float
    """Mean grey-level change, camera movement removed, 0..255."""
    moving: float
    """Moving share of the frame."""
    aspect: float
    """Width of the frame over its height."""

    @property
    def camera_step(self) -> tuple[float, float]:
        """Movement of the whole frame in frame widths and frame heights, as places are given."""
        return self.camera.dx, self.camera.dy * self.aspect


class Watcher:
    """Watches frames one after another; memory is flat.

    While a window of film is read in a thread of its own, the next one is gathered.
    """

    def __init__(self) -> None:
        self._meter = MotionMeter()
        self.latest: Measured | None = None
        """The last frame, measured."""
        self._follower = Tracker()
        self._window: list[Measured] = []
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._read: list[Future[list[FrameMotion]]] = []

    def watch(self, frame: Frame) -> None:
        """Take the next frame."""
        self.latest = self._meter.measure(frame)
        self._window.append(self.latest)
        if frame.time_s - self._window[0].time_s >= WINDOW_S:
            self._give(is_cut=False)

    def cut(self) -> None:
        """The next frame begins a new shot."""
        self._give(is_cut=True)

    def close(self) -> list[FrameMotion]:
        """The motions of all frames: at the end of the film."""
        self._give(is_cut=False)
        with self._worker:
            return [motion for window in self._read for motion in window.result()]

    def _give(self, *, is_cut: bool) -> None:
        """Have the window read; only one waits, so that few frames are held."""
        if self._read:
            self._read[-1].result()
        window, self._window = self._window, []
        self._read.append(self._worker.submit(self._motions, window, is_cut))

    def _motions(self, window: list[Measured], is_cut: bool) -> list[FrameMotion]:
        bodies = list(silhouettes(window))
        pictures = without_leakage(window, bodies)
        found = [self._motion(one, body) for one, body in zip(pictures, bodies, strict=True)]
        if is_cut:
            self._follower.cut()
        return found

    def _motion(self, one: Measured, body: Mask | None) -> FrameMotion:
        moving = one.moving if body is None else one.moving._replace(body=body)
        mask = moving.mask
        return FrameMotion(
            one.time_s,
            one.gap_s,
            _camera(one),
            self._follower.follow(moving, one.time_s),
            towards(moving.flow[mask], WIDTH, mask.size) if mask.any() else _STILL,
            float(moving.change.mean()),
            np.count_nonzero(mask) / mask.size,
            mask.shape[1] / mask.shape[0],
        )


_STILL = np.zeros(DIRECTIONS, np.float32)


def _camera(one: Measured) -> Camera:
    matrix, shape = one.matrix, one.grey.shape
    centre = np.array([shape[1] / 2, shape[0] / 2])
    shift = (matrix[:, :2] @ centre + matrix[:, 2] - centre) / shape[1]
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return Camera(float(shift[0]), float(shift[1]), zoom, one.agreement)
