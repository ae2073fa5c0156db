"""Curves by frames, as few straight lines as stay near them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def knots(curves: Sequence[NDArray[np.float64]], tolerances: Sequence[float]) -> list[int]:
    """Frames between which straight lines stay near all curves (Ramer, Douglas and Peucker).

    Args:
        curves: each ``[frames]``, at least one frame.
        tolerances: how far a line may stray from its curve, in the curve's unit.
    """
    end = len(curves[0]) - 1
    kept, waiting = {0, end}, [(0, end)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        share = np.linspace(0, 1, last - first + 1)
        strays = np.max(
            [
                np.abs(_off_line(curve[first : last + 1], share)) / tolerance
                for curve, tolerance in zip(curves, tolerances, strict=True)
            ],
            axis=0,
        )
        worst = int(strays.argmax())
        if strays[worst] > 1:
            kept.add(first + worst)
            waiting += [(first, first + worst), (first + worst, last)]
    return sorted(kept)


def _off_line(values: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(values - (values[0] + share * (values[-1] - values[0])))
