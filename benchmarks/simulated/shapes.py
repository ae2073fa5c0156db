"""Turns and bodies of MuJoCo scenes: x to the right, y away from the first camera, z up."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Random = np.random.Generator


class Pose(NamedTuple):
    """Where a moved body is."""

    name: str
    position: Vector
    """x, y, z in metres."""
    turn: Vector
    """Unit quaternion w, x, y, z."""


class Contact(NamedTuple):
    """One contact that sounds."""

    time_s: float
    strength: float
    """Speed of approach, metres a second."""


UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


def vector(*values: float) -> Vector:
    """A vector of floats."""
    return np.array(values, float)


def about(axis: tuple[float, float, float], angle: float) -> Vector:
    """Quaternion of a turn by an angle in radians."""
    return np.concatenate([[np.cos(angle / 2)], np.sin(angle / 2) * np.asarray(axis, float)])


def times(a: Vector, b: Vector) -> Vector:
    """Hamilton product: first turn by ``b``, then by ``a``."""
    w, v, x, u = a[0], a[1:], b[0], b[1:]
    return np.concatenate([[w * x - v @ u], w * u + x * v + np.cross(v, u)])


def turned(turn: Vector, point: Vector) -> Vector:
    """A point after a turn."""
    w, v = turn[0], turn[1:]
    return np.asarray(point + 2 * np.cross(v, np.cross(v, point) + w * point))


def along(start: Vector, end: Vector) -> Vector:
    """Quaternion that turns the z axis into the direction from start to end."""
    way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    axis = np.cross([0.0, 0.0, 1.0], way)
    turn = np.concatenate([[1 + way[2]], axis])
    size = float(np.linalg.norm(turn))
    return turn / size if size > 1e-6 else vector(0, 1, 0, 0)


def numbers(values: Vector | tuple[float, ...] | list[float]) -> str:
    """An attribute's text."""
    return " ".join(f"{value:.5g}" for value in values)


def geom(
    kind: str, size: tuple[float, ...], look: str, at: Vector | None = None, **more: str
) -> str:
    """One solid that touches nothing. ``look`` names a material."""
    place = f' pos="{numbers(at)}"' if at is not None else ""
    rest = "".join(f' {key}="{value}"' for key, value in more.items())
    return (
        f'<geom type="{kind}" size="{numbers(size)}" material="{look}"{place}'
        f' contype="0" conaffinity="0"{rest}/>'
    )


def rod(start: Vector, end: Vector, radius: float, look: str) -> str:
    """A capsule between two points."""
    return (
        f'<geom type="capsule" size="{radius:.5g}" fromto="{numbers(start)} {numbers(end)}"'
        f' material="{look}" contype="0" conaffinity="0"/>'
    )


def moved(name: str, *solids: str) -> str:
    """A body whose pose is set frame by frame."""
    return f'<body name="{name}" mocap="true">{"".join(solids)}</body>'


def still(at: Vector, *solids: str, turn: Vector = UPRIGHT) -> str:
    """A body that stays."""
    return f'<body pos="{numbers(at)}" quat="{numbers(turn)}">{"".join(solids)}</body>'
