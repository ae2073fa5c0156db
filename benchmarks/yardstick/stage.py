"""The stage of yardstick clips: a pinhole view of a small world, its scenery and its camera.

World axes are metres: X to the right, Y up from the ground, Z away from the camera.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""A colour picture, BGR ``[height, width, 3]``."""

MARGIN = 0.35
"""Share of the frame that is painted beyond each edge, for the camera to move into."""
SUBPIXEL = 4
"""Fractional bits of drawn coordinates: a sixteenth of a pixel."""


class Point(NamedTuple):
    """A point of the world, metres."""

    x: float
    y: float
    z: float


@dataclass(frozen=True)
class View:
    """A level pinhole camera at eye height that looks along Z."""

    width: int
    height: int
    field_of_view_deg: float
    eye_m: float = 1.5
    horizon: float = 0.3
    """Height of the horizon in the frame, 0 top to 1 bottom."""

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return self.width / 2 / float(np.tan(np.radians(self.field_of_view_deg / 2)))

    @property
    def canvas_size(self) -> tuple[int, int]:
        """Width and height of the painted canvas in pixels."""
        return round(self.width * (1 + 2 * MARGIN)), round(self.height * (1 + 2 * MARGIN))

    def project(self, point: Point) -> tuple[float, float]:
        """Canvas pixel of a world point."""
        wide, tall = self.canvas_size
        x = wide / 2 + self.focal * point.x / point.z
        y = (tall - self.height) / 2 + self.horizon * self.height
        return x, y - self.focal * (point.y - self.eye_m) / point.z

    def pixels(self, metres: float, depth_m: float) -> float:
        """Length on the canvas of a length across the view at a depth."""
        return self.focal * metres / depth_m


class Brush:
    """Draws world shapes on a canvas with sub-pixel precision."""

    def __init__(self, canvas: Picture, view: View) -> None:
        self.canvas, self.view = canvas, view

    def limb(
        self, start: Point, end: Point, thickness_m: float, colour: tuple[int, int, int]
    ) -> None:
        """A rounded bar between two points."""
        thickness = max(1, round(self.view.pixels(thickness_m, start.z)))
        first, last = (self._fixed(*self.view.project(point)) for point in (start, end))
        cv2.line(self.canvas, first, last, colour, thickness, cv2.LINE_AA, SUBPIXEL)

    def disc(self, centre: Point, radius_m: float, colour: tuple[int, int, int]) -> None:
        """A filled disc that faces the camera."""
        radius = round(self.view.pixels(radius_m, centre.z) * 2**SUBPIXEL)
        middle = self._fixed(*self.view.project(centre))
        cv2.circle(self.canvas, middle, radius, colour, -1, cv2.LINE_AA, SUBPIXEL)

    def shape(self, points: list[Point], colour: tuple[int, int, int]) -> None:
        """A filled convex polygon."""
        corners = np.array([self._fixed(*self.view.project(point)) for point in points], np.int32)
        cv2.fillConvexPoly(self.canvas, corners, colour, cv2.LINE_AA, SUBPIXEL)

    @staticmethod
    def _fixed(x: float, y: float) -> tuple[int, int]:
        return round(x * 2**SUBPIXEL), round(y * 2**SUBPIXEL)


def scenery(view: View, rng: np.random.Generator) -> Picture:
    """A textured wall above the horizon and a textured ground that recedes towards it."""
    wide, tall = view.canvas_size
    horizon = round((tall - view.height) / 2 + view.horizon * view.height)
    picture = np.empty((tall, wide, 3), np.float32)
    picture[:horizon] = rng.uniform(120, 190, 3)
    picture[horizon:] = rng.uniform(70, 130, 3)
    grain = sum(
        weight * cv2.resize(rng.normal(size=(tall // cell + 2, wide // cell + 2)), (wide, tall))
        for cell, weight in ((4, 6.0), (16, 8.0), (64, 12.0))
    )
    picture += np.asarray(grain, np.float32)[..., None]
    for _ in range(14):
        left, top = int(rng.integers(0, wide)), int(rng.integers(0, max(1, horizon - 20)))
        right, bottom = left + int(rng.integers(20, 140)), min(horizon, top + 90)
        picture[top:bottom, left:right] += rng.uniform(-35, 35, 3)
    for depth in np.geomspace(2.0, 40.0, 14):
        y = round(view.project(Point(0, 0, float(depth)))[1])
        cv2.line(picture, (0, y), (wide, y), tuple(rng.uniform(60, 90, 3)), 1)
    return np.clip(picture, 0, 255).astype(np.uint8)


class Framing(NamedTuple):
    """What the camera sees of the canvas at one time: shift in frame widths and magnification."""

    shift_x: float = 0.0
    shift_y: float = 0.0
    zoom: float = 1.0


def framing_at(move: str, time_s: float, seconds: float, seed: int) -> Framing:
    """The camera's framing at a time.

    Args:
        move: ``static``, ``pan``, ``zoom`` or ``shake``.
        time_s: seconds from the start.
        seconds: the clip's duration, which a pan or a zoom takes to finish.
        seed: phase of the shake.
    """
    share = time_s / seconds
    if move == "pan":
        return Framing(shift_x=0.2 * (0.5 - 0.5 * np.cos(np.pi * share)) - 0.1)
    if move == "zoom":
        return Framing(zoom=1.0 + 0.35 * share)
    if move == "shake":
        phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 4)
        rates, sizes = (1.1, 2.3, 1.4, 2.9), (0.006, 0.003, 0.005, 0.0025)
        waves = [
            size * np.sin(2 * np.pi * rate * time_s + start)
            for rate, size, start in zip(rates, sizes, phase, strict=True)
        ]
        return Framing(float(waves[0] + waves[1]), float(waves[2] + waves[3]))
    return Framing()


def frame_matrix(view: View, framing: Framing) -> NDArray[np.float64]:
    """The 2×3 matrix that takes canvas pixels to frame pixels."""
    wide, tall = view.canvas_size
    zoom = framing.zoom
    x = view.width / 2 - zoom * (wide / 2 + framing.shift_x * view.width)
    y = view.height / 2 - zoom * (tall / 2 + framing.shift_y * view.width)
    return np.array([[zoom, 0.0, x], [0.0, zoom, y]])
