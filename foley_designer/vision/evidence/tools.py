"""Evidence from what hands hold: flow at the hand and beyond it, where a tool's end moves."""

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.evidence.window import Curves, Path, Window, impact, paths

Floats = NDArray[np.float64]

DISCS = {"grip": (0.0, 1.5), "tool": (2.0, 2.5)}
"""Centre beyond the middle knuckle and radius of the looked-at discs, in hand lengths."""
SMALLEST = 0.015
"""Length of a hand at least, frame widths."""
STEADYING = 1.0
"""Frames over which a hand's place is smoothed."""
STILL = 3.0
"""Grey levels of change that weigh against moving pixels: a few of them are no movement."""


def curves(window: Window) -> Curves:
    """``grip`` and ``tool``: impacts of the movement in either disc of any hand."""
    found = {name: np.zeros(len(window.time_s)) for name in DISCS}
    for hand in paths(window, "hands"):
        frames, knuckle, way, length = _axis(hand)
        for name, (beyond, radius) in DISCS.items():
            moved = _flow(window, frames, knuckle + beyond * way, radius * length)
            values = impact(moved[:-1], moved[1:])
            found[name][frames[:-1]] = np.maximum(found[name][frames[:-1]], values)
    return found


def _axis(hand: Path) -> tuple[NDArray[np.intp], Floats, Floats, float]:
    """Frames, middle knuckle, way from the wrist to it, and its median length."""
    frames = np.arange(hand.frames[0], hand.frames[-1] + 1)

    def steady(point: int) -> Floats:
        columns = [np.interp(frames, hand.frames, hand.points[:, point, axis]) for axis in (0, 1)]
        return np.asarray(
            scipy.ndimage.gaussian_filter1d(np.column_stack(columns), STEADYING, axis=0)
        )

    knuckle = steady(9)
    way = knuckle - steady(0)
    return frames, knuckle, way, max(float(np.median(np.hypot(*way.T))), SMALLEST)


def _flow(window: Window, frames: NDArray[np.intp], centres: Floats, radius: float) -> Floats:
    """Change-weighted mean velocity in discs, radii a second, ``[frames, 2]``."""
    high, wide = window.change.shape[1:]
    x = (np.arange(wide) + 0.5) / wide
    y = (np.arange(high) + 0.5)[:, None] / high / window.aspect
    moved = np.zeros((len(frames), 2))
    for row, (frame, centre) in enumerate(zip(frames, centres, strict=True)):
        inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2
        weight = window.change[frame][inside]
        if weight.sum() > 0:
            total = weight.sum() + STILL * len(weight)
            moved[row] = (window.velocity[frame][inside] * weight[:, None]).sum(0) / total
    return moved / radius
