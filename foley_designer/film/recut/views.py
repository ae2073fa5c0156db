"""Views: ways in which a new cut may show a frame of an old one, and what they are compared by."""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.skim import FINGERPRINT, Fingerprints

Floats = NDArray[np.float32]

ROWS = slice(2, 16)
"""Rows of a fingerprint that are compared: burnt-in timecode stands above and below."""
FLAT = 3.0
"""Standard deviation of luma under which a frame is black or plain and tells nothing."""
BLACK = 24.0
"""Luma that black stays under, as in `foley_designer.vision.video.places`."""
ZOOMS = (1.08, 1.15, 1.25)
_SHIFTS = (-0.7, 0.0, 0.7)


class View(NamedTuple):
    """A way in which the new cut may show a frame of the old one."""

    flipped: bool = False
    zoom: float = 1.0
    """Above 1 the old picture is cropped, under 1 the new one."""
    x: float = 0.0
    y: float = 0.0
    """Where in the free room the crop lies, -1..1."""


PLAIN = View()


def described(prints: Fingerprints) -> Floats:
    """Descriptions ``[frames, d]`` of unit length: layout and detail, without level and contrast.

    Black and plain frames are zero, and so are like nothing.
    """
    rows = np.asarray(prints[:, ROWS], np.float32)
    flat = _is_flat(rows)
    detail = rows - np.stack([cv2.GaussianBlur(row, (0, 0), 2.0) for row in rows])
    parts = []
    for part in (rows, detail):
        plain = part.reshape(len(rows), -1)
        plain = plain - plain.mean(axis=1, keepdims=True)
        norm = np.sqrt(np.square(plain).sum(axis=1, keepdims=True))
        parts.append(plain / np.maximum(norm, 1e-6))
    both = np.concatenate(parts, axis=1) / np.float32(np.sqrt(2.0))
    both[flat] = 0.0
    return np.asarray(both, np.float32)


def is_black(prints: Fingerprints) -> NDArray[np.bool_]:
    """Which frames are black, ``[frames]``."""
    rows = np.asarray(prints[:, ROWS], np.float32)
    return np.asarray(_is_flat(rows) & (rows.reshape(len(rows), -1).mean(axis=1) < BLACK))


def _is_flat(rows: Floats) -> NDArray[np.bool_]:
    return np.asarray(rows.reshape(len(rows), -1).std(axis=1) < FLAT)


def seen(prints: Fingerprints, view: View) -> Fingerprints:
    """Frames as a view shows them: mirrored, or the part of them that fills the frame."""
    out = prints[:, :, ::-1] if view.flipped else prints
    zoom = view.zoom if view.zoom > 1 else 1 / view.zoom
    if zoom == 1:
        return np.ascontiguousarray(out)
    width, height = FINGERPRINT
    room_x, room_y = width - width / zoom, height - height / zoom
    left, top = room_x * (1 + view.x) / 2, room_y * (1 + view.y) / 2
    matrix = np.array([[zoom, 0, -zoom * left], [0, zoom, -zoom * top]], np.float32)
    frames = (
        cv2.warpAffine(
            np.ascontiguousarray(one),
            matrix,
            FINGERPRINT,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for one in out
    )
    return np.stack(list(frames)).astype(np.uint8)


def framings() -> Iterator[View]:
    """Closer and wider framings, each mirrored too, in which hard shots are looked up."""
    for flipped in (False, True):
        for zoom in (*ZOOMS, *(1 / zoom for zoom in ZOOMS)):
            for x in _SHIFTS:
                for y in _SHIFTS:
                    yield View(flipped, zoom, x, y)


def is_framing(view: View) -> bool:
    """Whether a view is one that a recut may have: a crop inside the picture, and not too close."""
    return max(abs(view.x), abs(view.y)) <= 1 and 0.7 < view.zoom < 1.45
