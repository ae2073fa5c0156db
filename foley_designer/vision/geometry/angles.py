"""Angles: from a place on screen to an azimuth. Conventions are in docs/coordinates.md."""

import math
from collections.abc import Callable

from foley_designer.core.errors import ErrorCode, FoleyError


def pinhole_azimuth(x: float, field_of_view_deg: float) -> float:
    """Azimuth of a horizontal place as a lens sees it.

    Args:
        x: frame widths from the left edge; outside 0..1 is off screen.
        field_of_view_deg: horizontal field of view, degrees.

    Returns:
        Degrees, 0 screen centre, positive to the left.
    """
    half = math.tan(math.radians(field_of_view_deg / 2))
    return -math.degrees(math.atan((2 * x - 1) * half))


def place_of(azimuth_deg: float, field_of_view_deg: float) -> float:
    """The inverse of `pinhole_azimuth`, for azimuths within ±90°."""
    half = math.tan(math.radians(field_of_view_deg / 2))
    return 0.5 - math.tan(math.radians(azimuth_deg)) / (2 * half)


def paper_azimuth(x: float, distance_m: float, width: int) -> float:
    """Azimuth by the paper's Eq. 2, literally: θ = arctan((x − W/2) / d) + 90°, in pixels.

    It divides pixels by a depth, so all but the centre goes almost fully to one side. It is
    kept for parity with the paper.

    Args:
        x: frame widths from the left edge.
        distance_m: depth d.
        width: W, the frame's width in pixels.

    Returns:
        90 − θ: degrees, 0 screen centre, positive to the left.
    """
    theta = math.degrees(math.atan((x - 0.5) * width / distance_m)) + 90.0
    return 90.0 - theta


def azimuth_model(
    name: str, field_of_view_deg: float, width: int
) -> Callable[[float, float], float]:
    """A function of place and distance by the model's name, ``pinhole`` or ``paper``.

    Raises:
        FoleyError: ``option_invalid``.
    """
    if name == "pinhole":
        return lambda x, _distance_m: pinhole_azimuth(x, field_of_view_deg)
    if name == "paper":
        return lambda x, distance_m: paper_azimuth(x, distance_m, width)
    raise FoleyError(
        ErrorCode.OPTION_INVALID, f"There is no angle model {name}.", "Use pinhole or paper."
    )
