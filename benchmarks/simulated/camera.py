"""Cameras of simulated film: lens, place, hands that hold it, moves and cuts."""

from typing import NamedTuple

import numpy as np

from benchmarks.simulated.shapes import Random, Vector, times, turned, vector

ASPECT = 16 / 9


class Shot(NamedTuple):
    """One camera from one time on."""

    start_s: float
    fov_deg: float
    """Horizontal."""
    eye: Vector
    target: Vector
    shake: Vector
    """[waves, 8]: frequency in hertz, then phase and size of yaw, pitch and roll (degrees),
    and a spare."""
    drift: Vector
    """Yaw in degrees a second, pitch in degrees a second, metres a second forward."""


class View(NamedTuple):
    """A camera at an instant."""

    eye: Vector
    turn: Vector
    """MuJoCo's camera quaternion: it looks along its own -z, +x right."""
    fov_deg: float

    def seen(self, point: Vector) -> tuple[float, float, float, float]:
        """Place on screen (x and y, 0 to 1), azimuth (degrees to the left), distance (metres)."""
        back = self.turn * vector(1, -1, -1, -1)
        x, y, z = turned(back, point - self.eye)
        half = np.tan(np.radians(self.fov_deg) / 2)
        deep = max(-z, 1e-6)
        across, up = x / deep / half / 2, y / deep / half / 2 * ASPECT
        distance = float(np.linalg.norm(point - self.eye))
        return 0.5 + across, 0.5 - up, float(np.degrees(np.arctan2(-x, deep))), distance


def draw_shots(
    rng: Random, seconds: float, middle: Vector, extent: tuple[float, float], cuts: int
) -> tuple[Shot, ...]:
    """Cameras that frame a place.

    Args:
        rng: the only source of chance.
        seconds: of the film.
        middle: what to look at, metres.
        extent: width and height that should be seen, metres.
        cuts: between shots.
    """
    starts = [0.0, *sorted(rng.uniform(0.25, 0.75, cuts) * seconds)] if cuts < 2 else [
        0.0, seconds * rng.uniform(0.25, 0.42), seconds * rng.uniform(0.58, 0.75)
    ]  # fmt: skip
    style = rng.choice(["static", "hand", "pan", "push"], p=[0.45, 0.33, 0.12, 0.1])
    return tuple(_shot(rng, start, middle, extent, str(style), seconds) for start in starts)


def _shot(
    rng: Random,
    start: float,
    middle: Vector,
    extent: tuple[float, float],
    style: str,
    seconds: float,
) -> Shot:
    fov = rng.uniform(25, 90)
    half = np.tan(np.radians(fov) / 2)
    fill = rng.uniform(0.45, 0.95)
    far = max(extent[0] / (2 * half * fill), extent[1] * ASPECT / (2 * half * fill))
    far += extent[0] * 0.2
    around = rng.normal() * np.radians(22)
    above = np.radians(rng.uniform(2, 32))
    way = vector(np.sin(around) * np.cos(above), -np.cos(around) * np.cos(above), np.sin(above))
    eye = middle + far * way
    eye[2] = max(eye[2], 0.15)
    aside = rng.normal(size=2) * vector(0.08, 0.05) * extent[0]
    target = middle + vector(aside[0], 0, aside[1])
    count = 5 if style == "hand" else 0
    waves = np.zeros((count, 8))
    waves[:, 0] = np.exp(rng.uniform(np.log(0.15), np.log(3.0), count))
    waves[:, 1:7:2] = rng.uniform(0, 2 * np.pi, (count, 3))
    size = fov / 54 * rng.uniform(0.15, 1.0) / np.maximum(waves[:, :1], 0.4)
    waves[:, 2:7:2] = rng.normal(size=(count, 3)) * size * vector(0.6, 0.6, 0.3)
    drift = vector(0, 0, 0)
    if style == "pan":
        drift = vector(rng.normal() * 0.2 * fov / seconds, rng.normal() * 0.03 * fov / seconds, 0)
    elif style == "push":
        drift = vector(0, 0, rng.choice([-1, 1]) * rng.uniform(0.05, 0.2) * far / seconds)
    return Shot(float(start), float(fov), eye, target, waves, drift)


def view_at(shots: tuple[Shot, ...], time_s: float, seconds: float) -> View:
    """The camera at an instant."""
    shot = [one for one in shots if one.start_s <= time_s][-1]
    since = time_s - seconds / 2
    ahead = shot.target - shot.eye
    yaw = np.arctan2(-ahead[0], ahead[1])
    pitch = np.arctan2(ahead[2], np.hypot(ahead[0], ahead[1]))
    roll = 0.0
    swing = np.radians(np.zeros(3))
    for wave in shot.shake:
        swing = swing + np.radians(wave[2:7:2]) * np.sin(2 * np.pi * wave[0] * time_s + wave[1:7:2])
    yaw += swing[0] + np.radians(shot.drift[0]) * since
    pitch += swing[1] + np.radians(shot.drift[1]) * since
    roll += swing[2]
    eye = shot.eye + ahead / np.linalg.norm(ahead) * shot.drift[2] * since
    turn = times(_about(2, yaw), times(_about(0, np.pi / 2 + pitch), _about(2, roll)))
    return View(eye, turn, shot.fov_deg)


def _about(axis: int, angle: float) -> Vector:
    turn = np.zeros(4)
    turn[0], turn[1 + axis] = np.cos(angle / 2), np.sin(angle / 2)
    return turn
