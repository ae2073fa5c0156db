"""What a single frame says of a place: colours, light, layout and texture in a few numbers."""

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.video.frame import Image

Floats = NDArray[np.float64]

SIZE = (96, 54)
"""Width and height in pixels at which a frame is described: layout, not detail."""
FINE = (192, 108)
"""The same for texture."""
BAR = 16
"""Brightest grey level of the bars beside a frame of another shape (video black)."""
GRID = (3, 3)
"""Rows and columns of the layout."""
COUNT = 110
"""Numbers that describe a frame."""


def features(image: Image) -> Floats:
    """Describe a frame, ``[COUNT]``.

    Per cell of a 3 × 3 grid: mean and spread of CIELAB, steepness, and the share of upright edges
    and of straight ones. Over the frame: shares of hues, of lightness and of pale pixels, energy
    of detail at three scales, how steep the top is against the bottom, and how even its light.

    Args:
        image: BGR, uint8; bars beside the frame are left out.
    """
    inside = without_bars(image)
    small = np.asarray(cv2.resize(inside, SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    colours = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    lab = colours.astype(np.float64) / (100.0, 60.0, 60.0)
    grey = cv2.cvtColor(cv2.resize(inside, FINE, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    light = np.asarray(grey / 255, np.float32)
    across, down = (np.abs(cv2.Sobel(light, cv2.CV_32F, *order)) for order in ((1, 0), (0, 1)))
    found = [*_layout(lab), *_edges(across, down), *_shares(small), *_scales(light)]
    steep = (across + down).mean(1)
    thirds = [part.mean() for part in np.array_split(steep, 3)]
    found += [np.log(thirds[0] / (thirds[2] + 0.01) + 0.01), float(lab[:18, :, 0].std())]
    return np.array(found, np.float64)


def without_bars(image: Image) -> Image:
    """The frame without dark bars around it; all of it if it is dark as a whole."""
    bright = image.max(2) > BAR
    rows = np.nonzero(bright.mean(1) > 0.02)[0]
    columns = np.nonzero(bright.mean(0) > 0.02)[0]
    if len(rows) < image.shape[0] // 3 or len(columns) < image.shape[1] // 3:
        return image
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _cells(values: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    return [
        cell
        for row in np.array_split(values, GRID[0], axis=0)
        for cell in np.array_split(row, GRID[1], axis=1)
    ]


def _layout(lab: Floats) -> list[float]:
    """Mean colour and its spread per cell."""
    found = []
    for cell in _cells(lab):
        found += [*cell.mean((0, 1)), *cell.std((0, 1))]
    return [float(value) for value in found]


def _edges(across: NDArray[np.float32], down: NDArray[np.float32]) -> list[float]:
    """Steepness per cell, and how much of it is upright rather than level."""
    found = []
    for one, other in zip(_cells(across), _cells(down), strict=True):
        steep = one.mean() + other.mean()
        straight = np.maximum(one, other).mean() / (np.hypot(one, other).mean() + 1e-6)
        found += [np.log(steep + 0.01), one.mean() / (steep + 1e-6), straight]
    return [float(value) for value in found]


def _shares(small: Image) -> list[float]:
    """Shares of pixels by hue, saturation and lightness."""
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    hue, saturation, value = (hsv[..., k].ravel() for k in range(3))
    colourful = (saturation > 40) & (value > 40)
    hues = np.bincount(hue[colourful] // 15, minlength=12)[:12] / hue.size
    lights = np.bincount(value // 32, minlength=8) / value.size
    pale = [float(np.mean((saturation < 40) & (value > bound))) for bound in (120, 200)]
    return [*np.sqrt(hues), *np.sqrt(lights), *pale, float(saturation.mean() / 255)]


def _scales(light: NDArray[np.float32]) -> list[float]:
    """Energy of detail at three scales: leaves and water are rough, walls are smooth."""
    found, now = [], light
    for _ in range(3):
        coarse = cv2.GaussianBlur(now, (0, 0), 1.0)
        found.append(float(np.log(np.std(now - coarse) + 1e-3)))
        half = cv2.resize(coarse, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        now = np.asarray(half, np.float32)
    return [*found, found[0] - found[2]]
