"""Flow leakage: flow spreads beyond what moves, and there a moving camera changes what stands.

Dense flow is smooth, so ground beside a moving thing seems to move with it. Under a camera that
stands, such ground does not change, which gives it away. Under one that moves it does, by blur and
by what the camera's movement was misjudged; but it does not differ from the background model.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from foley_designer.vision.motion.measuring import MIN_CHANGE, Measured, carried, corners
from foley_designer.vision.motion.regions import Mask

MOVES_PX = 0.25
"""Usual way of the frame's corners between two frames from which a camera moves."""
BESIDE_PX = 5
"""Width of what counts as near a silhouette."""


def without_leakage(window: Sequence[Measured], bodies: Sequence[Mask | None]) -> list[Measured]:
    """A window of film in which only silhouettes, and what changes much, move.

    Args:
        window: frames in time order.
        bodies: the silhouettes of each, from
            `foley_designer.vision.motion.background_model.silhouettes`.
    """
    if not _camera_moves(window):
        return list(window)
    found = list(window[:1])
    for one, body, last in zip(window[1:], bodies[1:], bodies, strict=False):
        moving = one.moving
        if body is not None and last is not None:
            size = (last.shape[1], last.shape[0])
            was = cv2.warpAffine(last.astype(np.uint8), one.matrix, size) > 0
            near = (
                cv2.dilate((was | body).astype(np.uint8), np.ones((BESIDE_PX, BESIDE_PX), np.uint8))
                > 0
            )
            moving = moving._replace(mask=moving.mask & (near | (moving.change > MIN_CHANGE)))
        found.append(one._replace(moving=moving))
    return found


def _camera_moves(window: Sequence[Measured]) -> bool:
    if len(window) < 2:
        return False
    box = corners(window[0].grey.shape)
    ways = [carried(one.matrix, box) - box for one in window[1:]]
    return float(np.median([np.hypot(*way.T).max() for way in ways])) > MOVES_PX
