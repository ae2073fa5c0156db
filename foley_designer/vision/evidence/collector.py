"""Collecting evidence while a film is looked at; memory is flat."""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.evidence import flow, light, limbs, tools
from foley_designer.vision.evidence.window import Curves, Window
from foley_designer.vision.models.people import People
from foley_designer.vision.motion.measuring import WIDTH, Measured
from foley_designer.vision.motion.motion_signal import MAX_REPEATS, REPEAT

Floats = NDArray[np.float64]

ACROSS = 80
"""Cells across to which motion is reduced for the detectors: 4 measured pixels each."""
WINDOW_S = 10.0
"""Film that is held before its detectors run."""
DETECTORS = (flow.curves, light.curves, limbs.curves, tools.curves)
THROUGH_CUTS = frozenset({"moves"})
"""Curves that may go on through a cut; all others would take it for an impact."""


class Collected(NamedTuple):
    """Curves of a whole film, a value a frame."""

    time_s: Floats
    curves: Curves
    place: Floats
    """``[frames, 2]``, where movement ends most, 0..1 of width and height."""


class _Small(NamedTuple):
    """One frame, reduced."""

    time_s: float
    moved: NDArray[np.float16]
    change: NDArray[np.float16]
    light: NDArray[np.float16]
    is_cut: bool
    people: Callable[[], People] | None
    aspect: float


class Collector:
    """Takes measured frames in order; `close` gives the curves."""

    def __init__(self) -> None:
        self._held: list[_Small] = []
        self._context = 0
        self._last: NDArray[np.uint8] | None = None
        self._parts: list[Collected] = []

    def take(
        self, measured: Measured, people: Callable[[], People] | None, *, is_cut: bool
    ) -> None:
        """The next frame, and what knows who is in it if anybody was looked for."""
        grey, last = measured.grey, self._last
        self._last = grey
        same = last is not None and last.shape == grey.shape
        light = grey.astype(np.float32) - last if same and last is not None else 0.0 * grey
        self._held.append(
            _Small(
                measured.time_s,
                _reduced(measured.moving.flow / WIDTH),
                _reduced(measured.moving.change),
                _reduced(light),
                is_cut or not same,
                people,
                grey.shape[1] / grey.shape[0],
            )
        )
        if measured.time_s - self._held[0].time_s >= WINDOW_S:
            self._flush(ends=False)

    def close(self) -> Collected:
        """The curves of all that was taken."""
        self._flush(ends=True)
        parts = [one for one in self._parts if len(one.time_s)]
        if not parts:
            return Collected(np.zeros(0), {}, np.zeros((0, 2)))
        names = parts[0].curves
        return Collected(
            np.concatenate([one.time_s for one in parts]),
            {name: np.concatenate([one.curves[name] for one in parts]) for name in names},
            np.concatenate([one.place for one in parts]),
        )

    def _flush(self, *, ends: bool) -> None:
        """Run the detectors on what is held; the last frame waits for its successor."""
        kept = self._without_repeats(ends=ends)
        emitted = slice(self._context, len(kept) if ends else len(kept) - 1)
        if kept:
            self._parts.append(_detect(kept, emitted))
        self._held, self._context = kept[-2:], min(1, len(kept) - 1)

    def _without_repeats(self, *, ends: bool) -> list[_Small]:
        """Frames that differ from the one before: pulldown and held frames are no rest."""
        change = np.array([float(one.change.mean()) for one in self._held])
        usual = float(np.median(change[1:])) if len(change) > 1 else 0.0
        kept: list[int] = []
        for index, value in enumerate(change):
            held = value < REPEAT * max(usual, 1e-6) and kept and index - kept[-1] <= MAX_REPEATS
            if not held or index <= self._context or (ends and index + 1 == len(change)):
                kept.append(index)
        return [self._held[index] for index in kept]


def _detect(frames: list[_Small], emitted: slice) -> Collected:
    time_s = np.array([one.time_s for one in frames])
    gaps = np.diff(time_s, prepend=2 * time_s[0] - time_s[1] if len(time_s) > 1 else -1.0)
    cut = np.array([one.is_cut for one in frames])
    velocity = np.array([one.moved for one in frames], np.float32)
    velocity /= np.maximum(gaps, 1e-3)[:, None, None, None].astype(np.float32)
    window = Window(
        time_s,
        velocity,
        np.array([one.change for one in frames], np.float32),
        np.array([one.light for one in frames], np.float32),
        tuple(one.people() if one.people else People((), ()) for one in frames),
        frames[0].aspect,
    )
    curves: Curves = {}
    for detector in DETECTORS:
        curves |= detector(window)
    near_cut = scipy.ndimage.maximum_filter1d(cut, 3)
    for name in curves.keys() - THROUGH_CUTS:
        curves[name] = np.where(near_cut, 0.0, curves[name])
    return Collected(
        time_s[emitted],
        {name: values[emitted] for name, values in curves.items()},
        _places(window)[emitted],
    )


def _places(window: Window) -> Floats:
    """Centre of the cell in which movement ends most."""
    impacts = flow.cell_impacts(window)
    rows, columns = flow.CELLS
    best = impacts.reshape(len(impacts), -1).argmax(1)
    return np.column_stack([(best % columns + 0.5) / columns, (best // columns + 0.5) / rows])


def _reduced(values: NDArray[np.floating] | NDArray[np.uint8]) -> NDArray[np.float16]:
    size = (ACROSS, max(9, round(values.shape[0] * ACROSS / values.shape[1])))
    small = cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return small.astype(np.float16)
