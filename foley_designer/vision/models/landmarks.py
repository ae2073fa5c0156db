"""Landmarks of bodies and hands: the networks of the mediapipe wheel, run as they are published.

Two single-shot detectors with fixed anchors (BlazePose's and the palm's) find where to look; two
landmark networks look there. Regions are squares that turn with the body or the hand, as in the
models' own graphs (Bazarevsky et al., BlazePose, 2020; Zhang et al., MediaPipe Hands, 2020).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

BODY_DETECTOR, BODY = "pose_detection.tflite", "pose_landmark_full.tflite"
PALM_DETECTOR, HAND = "palm_detection_lite.tflite", "hand_landmark_lite.tflite"
FILES = (BODY_DETECTOR, BODY, PALM_DETECTOR, HAND)

BODY_SCALE, PALM_SCALE, HAND_SCALE = 1.25, 2.6, 2.0
"""Sides of the looked-at squares against what was found, from the models' graphs."""
CANDIDATES = 40
"""Anchors of the highest score that are read; a frame holds fewer people."""


class Roi(NamedTuple):
    """A turned square: centre and side in pixels, clockwise turn in radians."""

    x: float
    y: float
    side: float
    turn: float

    def near(self, other: "Roi", share: float) -> bool:
        """Whether the centres lie within a share of the larger side."""
        return float(np.hypot(self.x - other.x, self.y - other.y)) < share * max(
            self.side, other.side
        )


class Network:
    """One tflite file on one thread."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - an extra

        make: Any = Interpreter
        self._net: Any = make(str(path), num_threads=1)
        self._net.allocate_tensors()
        entry = self._net.get_input_details()[0]
        self._entry, self.side = entry["index"], int(entry["shape"][1])
        self._exits = [one["index"] for one in self._net.get_output_details()]

    def run(self, image: Image, roi: Roi, low: float = 0.0) -> list[Floats]:
        """Outputs for a region of an RGB image; pixel values reach from ``low`` to 1."""
        part = crop(image, roi, self.side).astype(np.float32) / 255
        self._net.set_tensor(self._entry, (low + (1 - low) * part)[None])
        self._net.invoke()
        return [self._net.get_tensor(index)[0].astype(np.float64) for index in self._exits]


class Found(NamedTuple):
    """What a detector found: key points and centre in pixels, and the side of its box."""

    keys: Floats
    centre: Floats
    side: float


class Detector:
    """A single-shot detector with two square anchors a cell and layer.

    Args:
        network: its file.
        strides: of its layers, pixels.
        low: what black is for it.
        least: score from which it is believed.
    """

    def __init__(self, network: Network, strides: Sequence[int], low: float, least: float) -> None:
        self._network, self._low, self._least = network, low, least
        self._anchors = anchors(network.side, strides)

    def look(self, image: Image) -> list[Found]:
        """What is found in the whole image, surest first, one for each place."""
        high, wide = image.shape[:2]
        roi = Roi(wide / 2, high / 2, float(max(wide, high)), 0.0)
        raw, scores = self._network.run(image, roi, self._low)
        belief = 1 / (1 + np.exp(-np.clip(scores[:, 0], -30, 30)))
        found: list[Found] = []
        for at in np.argsort(-belief, kind="stable")[:CANDIDATES]:
            if belief[at] < self._least:
                break
            points = raw[at].reshape(-1, 2) / self._network.side
            centre = uncrop(points[:1] + self._anchors[at], roi)[0]
            side = float(points[1].max()) * roi.side
            if all(np.hypot(*(centre - one.centre)) > 0.5 * max(side, one.side) for one in found):
                found.append(Found(uncrop(points[2:] + self._anchors[at], roi), centre, side))
        return found


def anchors(side: int, strides: Sequence[int]) -> Floats:
    """Centres ``[anchors, 2]`` in 0..1 of the input, layers of one stride cell by cell."""
    rows = []
    for stride in dict.fromkeys(strides):
        grid = (np.arange(side // stride) + 0.5) / (side // stride)
        cells = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2)
        rows.append(np.repeat(cells, 2 * list(strides).count(stride), 0))
    return np.concatenate(rows)


def crop(image: Image, roi: Roi, side: int) -> Image:
    """The region as an upright square of ``side`` pixels, black outside the image."""
    cos, sin, scale = np.cos(roi.turn), np.sin(roi.turn), roi.side / side
    matrix = np.array(
        [
            [cos * scale, -sin * scale, roi.x - (cos - sin) * roi.side / 2],
            [sin * scale, cos * scale, roi.y - (sin + cos) * roi.side / 2],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (side, side), flags=flags).astype(np.uint8, copy=False)


def uncrop(points: Floats, roi: Roi) -> Floats:
    """Points ``[n, 2]`` in 0..1 of a region as pixels of the image."""
    cos, sin = np.cos(roi.turn), np.sin(roi.turn)
    return np.asarray((points - 0.5) * roi.side @ np.array([[cos, sin], [-sin, cos]]) + roi[:2])


def upright(start: Floats, end: Floats) -> float:
    """The turn in -π..π after which the way from start to end points up."""
    turn = np.pi / 2 - np.arctan2(start[1] - end[1], end[0] - start[0])
    return float((turn + np.pi) % (2 * np.pi) - np.pi)


def body_roi(keys: Floats) -> Roi:
    """From the middle of the hips and the point that gives size and direction."""
    side = 2 * BODY_SCALE * float(np.hypot(*(keys[1] - keys[0])))
    return Roi(float(keys[0, 0]), float(keys[0, 1]), side, upright(keys[0], keys[1]))


def palm_roi(palm: Found) -> Roi:
    """From a palm, shifted half its side towards the fingers (wrist 0 to middle knuckle 2)."""
    turn, shift = upright(palm.keys[0], palm.keys[2]), 0.5 * palm.side
    x, y = palm.centre + shift * np.array([np.sin(turn), -np.cos(turn)])
    return Roi(float(x), float(y), PALM_SCALE * palm.side, turn)


def hand_roi(points: Floats) -> Roi:
    """From the hand's own landmarks ``[21, 2]`` in the frame before; fingertips left out."""
    knuckles = ((points[6] + points[14]) / 2 + points[10]) / 2
    turn = upright(points[0], knuckles)
    cos, sin = np.cos(turn), np.sin(turn)
    to_image = np.array([[cos, sin], [-sin, cos]])
    flat = points[[0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]] @ to_image.T
    low, high = flat.min(0), flat.max(0)
    x, y = ((low + high) / 2 - np.array([0, 0.1 * (high - low)[1]])) @ to_image
    return Roi(float(x), float(y), HAND_SCALE * float((high - low).max()), turn)
