"""Amplitude panning over the five main loudspeakers of 5.1 (ITU-R BS.775: 0, ±30, ±110 degrees).

Azimuths are degrees, 0 straight ahead, positive to the left (BS.2127).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOUDSPEAKERS_DEG = (30.0, -30.0, 0.0, 110.0, -110.0)
"""L R C Ls Rs."""
_DIRECTIONS = 8
"""Virtual sources that a wide source is made of."""


def vbap(azimuth_deg: ArrayLike) -> NDArray[np.float64]:
    """Gains of a point source.

    V. Pulkki, "Virtual sound source positioning using vector base amplitude panning", JAES 45(6),
    1997, in two dimensions.

    Args:
        azimuth_deg: ``[k]``, any angle.

    Returns:
        ``[k, 5]`` for L R C Ls Rs, ≥ 0, with squares that sum to 1.
    """
    azimuth = np.atleast_1d(np.asarray(azimuth_deg, np.float64))
    order = np.argsort(LOUDSPEAKERS_DEG)
    ring = np.array(LOUDSPEAKERS_DEG)[order]
    turned = (azimuth - ring[0]) % 360.0 + ring[0]
    first = np.searchsorted(ring, turned, side="right") - 1
    ends = np.append(ring, ring[0] + 360.0)
    from_first, to_second = turned - ends[first], ends[first + 1] - turned
    gains = np.zeros((len(azimuth), len(ring)))
    rows = np.arange(len(azimuth))
    gains[rows, order[first]] = np.sin(np.deg2rad(to_second))
    gains[rows, order[(first + 1) % len(ring)]] = np.sin(np.deg2rad(from_first))
    return _normalised(gains)


def mdap(azimuth_deg: ArrayLike, extent_deg: float) -> NDArray[np.float64]:
    """Gains of a source of some width.

    V. Pulkki, "Uniform spreading of amplitude panned virtual sources", WASPAA 1999.

    Args:
        azimuth_deg: its middle, ``[k]``.
        extent_deg: its width, 0 to 360.

    Returns:
        ``[k, 5]``, as `vbap`.
    """
    if extent_deg <= 0:
        return vbap(azimuth_deg)
    azimuth = np.atleast_1d(np.asarray(azimuth_deg, np.float64))
    offsets = ((np.arange(_DIRECTIONS) + 0.5) / _DIRECTIONS - 0.5) * extent_deg
    return _normalised(np.sum([vbap(azimuth + offset) for offset in offsets], axis=0))


def _normalised(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(gains / np.sqrt(np.square(gains).sum(axis=1, keepdims=True)))
