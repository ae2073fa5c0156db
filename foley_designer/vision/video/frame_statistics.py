"""Frame statistics: a few numbers a frame that shots, light and flashes are read from."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.video.frame import Frame

THUMB = (16, 9)
"""Width and height of the thumbnail that frames are compared by."""

SPECKS = 0.002
"""Share of the pixels of a black frame that may be lit: noise, dust."""


class FrameStatistics(NamedTuple):
    """What one frame looks like."""

    thumb: NDArray[np.uint8]
    """Tiny hue-free frame: luma and two colour differences, ``[9, 16, 3]``."""
    luma: float
    """Mean brightness, 0..1."""
    glare: float
    """Brightness that the brightest twentieth of the frame reaches, 0..1."""
    saturation: float
    peak: float
    """Brightness that all but a few pixels stay under, 0..1: black has none that are lit."""


def look_of(frame: Frame) -> FrameStatistics:
    """Measure one frame."""
    small = cv2.resize(frame.image, (64, 36), interpolation=cv2.INTER_AREA)
    thumb = cv2.resize(small, THUMB, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    saturation = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[..., 1]
    return FrameStatistics(
        thumb=cv2.cvtColor(thumb, cv2.COLOR_BGR2YCrCb).astype(np.uint8, copy=False),
        luma=float(grey.mean()) / 255,
        glare=_reached(np.asarray(grey, np.uint8), 0.95) / 255,
        saturation=float(saturation.mean()) / 255,
        peak=_reached(np.asarray(grey, np.uint8), 1 - SPECKS) / 255,
    )


def _reached(grey: NDArray[np.uint8], share: float) -> float:
    """Grey level that all but a share of the pixels stay at or under."""
    counts = np.bincount(grey.ravel(), minlength=256).cumsum()
    return float(np.searchsorted(counts, share * grey.size))
