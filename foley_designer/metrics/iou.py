"""Intersection over union of when something should sound and when it sounds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]


def frame_iou(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """|A∩B| / |A∪B| of two masks of equal length; 1 if both are empty."""
    union = int(np.count_nonzero(first | second))
    return int(np.count_nonzero(first & second)) / union if union else 1.0


def interval_iou(first: Sequence[Interval], second: Sequence[Interval]) -> float:
    """|A∩B| / |A∪B| of two unions of intervals ``(start, end)``; 1 if both are empty."""
    a, b = merged(first), merged(second)
    shared = sum(
        max(0.0, min(a_end, b_end) - max(a_start, b_start))
        for a_start, a_end in a
        for b_start, b_end in b
    )
    total = sum(end - start for start, end in a) + sum(end - start for start, end in b) - shared
    return shared / total if total else 1.0


def merged(intervals: Sequence[Interval]) -> list[Interval]:
    """The same stretch of time as ascending intervals that neither touch nor overlap."""
    out: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[1] > interval[0]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
