"""The form in which detectors of evidence take a stretch of film, and give their curves."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.models.people import People

Floats = NDArray[np.float32]
Curves = dict[str, NDArray[np.float64]]
"""Name of a detector's curve to its values, one a frame of the window, ≥ 0 and of any scale."""

FEWEST = 5
"""Frames in a row in which a body or a hand must be seen: the length of the smoothing."""
LOST = 3
"""Frames for which it may be lost in between."""


class Window(NamedTuple):
    """A stretch of film, small; frames that repeat the one before are left out.

    Motion and change lie between the frame before and this one; camera movement is removed.
    """

    time_s: NDArray[np.float64]
    """``[frames]``."""
    velocity: Floats
    """``[frames, rows, columns, 2]``, frame widths a second, x to the right and y down."""
    change: Floats
    """``[frames, rows, columns]``, grey levels 0..255."""
    light: Floats
    """``[frames, rows, columns]``, signed difference of grey levels, camera movement kept."""
    people: tuple[People, ...]
    """Bodies and hands, one entry a frame; empty if nobody was looked for."""
    aspect: float
    """Width of the frame over its height."""

    @property
    def after(self) -> Floats:
        """Velocity from each frame to the next; that of the last is its own."""
        return np.concatenate([self.velocity[1:], self.velocity[-1:]])


class Path(NamedTuple):
    """One body or hand through a run of frames."""

    frames: NDArray[np.intp]
    """Indices in the window, increasing; gaps of up to `LOST` frames."""
    points: NDArray[np.float64]
    """``[frames, points, 3]``: x, y in frame *widths*, visibility."""


def paths(window: Window, kind: str) -> list[Path]:
    """Everyone who is followed long enough.

    Args:
        window: what was seen.
        kind: ``bodies`` or ``hands``.
    """
    seen: dict[int, list[tuple[int, NDArray[np.float64]]]] = {}
    for frame, people in enumerate(window.people):
        for person in getattr(people, kind):
            seen.setdefault(person.name, []).append((frame, person.points))
    scale = np.array([1.0, 1.0 / window.aspect, 1.0])
    found = []
    for entries in seen.values():
        frames = np.array([frame for frame, _ in entries])
        points = np.array([one for _, one in entries]) * scale
        bounds = [0, *(np.nonzero(np.diff(frames) > LOST)[0] + 1), len(frames)]
        found += [
            Path(frames[first:last], points[first:last])
            for first, last in pairwise(bounds)
            if last - first >= FEWEST
        ]
    return found


def impact(before: NDArray[np.floating], after: NDArray[np.floating]) -> NDArray[np.float64]:
    """How strongly movement ends or turns back: √(|d| · b·d/|d|) with d = b − a.

    Starting from rest gives 0, stopping gives |b|, turning back more; velocities ``[..., 2]``.
    """
    lost = before - after
    amount = np.hypot(lost[..., 0], lost[..., 1]) + 1e-9
    return np.asarray(np.sqrt(np.maximum((before * lost).sum(-1), 0.0) / amount * amount))
