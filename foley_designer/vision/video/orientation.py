"""How a stored frame is turned and mirrored until it is as its viewer sees it."""

import math
from typing import Any, NamedTuple

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray

OFF_AXIS_DEG = 10.0
"""From here on a display matrix turns by what no quarter turn comes near."""


class Orientation(NamedTuple):
    """A way to show a stored frame: first transposed, then mirrored."""

    transposed: bool = False
    left_right: bool = False
    top_down: bool = False
    off_axis: bool = False
    """Whether the file asks for another angle than quarter turns; the nearest one is taken."""

    @property
    def mirrored(self) -> bool:
        """Whether the frame is seen from behind, as front cameras of phones store it."""
        return self.transposed ^ self.left_right ^ self.top_down

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The image ``[height, width, 3]`` as it is shown, in memory of its own."""
        shown = image.swapaxes(0, 1) if self.transposed else image
        shown = shown[:, ::-1] if self.left_right else shown
        shown = shown[::-1] if self.top_down else shown
        return np.ascontiguousarray(shown)


def orientation_of(frame: VideoFrame) -> Orientation:
    """The orientation that a frame's display matrix asks for (ISO/IEC 14496-12, 8.3.2).

    The matrix maps a stored point (x, y), y downwards, to (a·x + c·y, b·x + d·y).
    """
    beside: Any = frame.side_data
    data = beside.get(Type.DISPLAYMATRIX)
    if data is None:
        return Orientation()
    matrix = np.frombuffer(bytes(data)[:36], np.int32).reshape(3, 3).astype(float)
    (a, b), (c, d) = matrix[0, :2], matrix[1, :2]
    if not a * d - b * c:
        return Orientation()
    along, across = (math.hypot(a, b), math.hypot(c, d))
    off = math.degrees(math.acos(min(1.0, max(abs(a), abs(b)) / along))) > OFF_AXIS_DEG
    off = off or across == 0
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0, off)
    return Orientation(True, c < 0, b < 0, off)
