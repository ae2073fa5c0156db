"""Evidence from limbs: wrists, fingers and hands that stop or turn where they meet something."""

from collections.abc import Iterator

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.evidence.window import FEWEST, Curves, Path, Window, impact, paths

Floats = NDArray[np.float64]

VISIBLE = 0.3
"""Visibility from which a body's point counts."""
SHOULDERS, HIPS = (11, 12), (23, 24)
BODY_POINTS = {"left_wrist": 15, "right_wrist": 16, "left_finger": 19, "right_finger": 20}
"""Each side by itself, so that each is believed for its own rhythm."""
SMALLEST = 0.03
"""Size of a body at least, frame widths, so that noise on far ones stays small."""
HAND_SIZES = 3.0
"""Hand lengths that count like a body's size."""


def curves(window: Window) -> Curves:
    """Wrists and fingers of bodies (downward stops), ``hand`` (any), sizes a second."""
    found = {name: np.zeros(len(window.time_s)) for name in (*BODY_POINTS, "hand")}
    for body in paths(window, "bodies"):
        size = _body_size(body)
        for name, point in BODY_POINTS.items():
            for frames, place in _seen(body, point):
                _, falls = _stops(window, frames, place / size)
                _raise(found[name], frames, falls)
    for hand in paths(window, "hands"):
        size = HAND_SIZES * max(_hand_length(hand), SMALLEST / HAND_SIZES)
        stops, _ = _stops(window, hand.frames, hand.points[:, 0, :2] / size)
        _raise(found["hand"], hand.frames, stops)
    return found


def _seen(body: Path, point: int) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    seen = body.points[:, point, 2] > VISIBLE
    if seen.sum() >= FEWEST:
        yield body.frames[seen], body.points[seen, point, :2]


def _body_size(body: Path) -> float:
    """Median of shoulders' width or trunk's length, whichever is longer, frame widths."""
    left, right = body.points[:, SHOULDERS[0], :2], body.points[:, SHOULDERS[1], :2]
    hips = body.points[:, HIPS, :2].mean(1)
    trunk = np.hypot(*((left + right) / 2 - hips).T)
    return max(float(np.median(np.maximum(np.hypot(*(left - right).T), trunk))), SMALLEST)


def _hand_length(hand: Path) -> float:
    """From wrist to the middle knuckle, frame widths."""
    return float(np.median(np.hypot(*(hand.points[:, 9, :2] - hand.points[:, 0, :2]).T)))


def _stops(window: Window, frames: NDArray[np.intp], place: Floats) -> tuple[Floats, Floats]:
    """Impact and lost downward speed at each frame from first to last; 0 in the outer two."""
    whole = np.arange(frames[0], frames[-1] + 1)
    filled = np.column_stack([np.interp(whole, frames, place[:, axis]) for axis in (0, 1)])
    smooth = scipy.signal.savgol_filter(filled, FEWEST, 2, axis=0)
    speed = np.diff(smooth, axis=0) / np.diff(window.time_s[whole])[:, None]
    stops, falls = np.zeros((2, len(whole)))
    before, after = (speed[1:-2] + speed[:-3]) / 2, (speed[3:] + speed[2:-1]) / 2
    stops[2:-2] = impact(before, after)
    falls[2:-2] = np.maximum(before[:, 1] - after[:, 1], 0.0) * (before[:, 1] > 0)
    return stops, falls


def _raise(curve: Floats, frames: NDArray[np.intp], values: Floats) -> None:
    part = slice(int(frames[0]), int(frames[-1]) + 1)
    curve[part] = np.maximum(curve[part], values)
