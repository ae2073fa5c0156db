"""Places: which shots look as if they play where others do, and which show no film at all."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.video.frame import Frame, Image

Floats = NDArray[np.float64]

SIZE = (64, 36)
"""Pixels at which frames are kept for comparison."""
BLACK = 24
"""Grey level, of 255, that black and the bars of a letterbox stay under."""
BARE = 0.002
"""Share of a black frame that may be lighter."""
SPARSE = 0.25
"""Largest share of a title card that is lit."""
MOST = 5
"""Frames of a shot that are compared."""
BIAS, BY_COLOUR, BY_LAYOUT = -12.5, 10.8, 4.6
"""Log odds that two neighbouring shots show one place, by likeness of colours and correlation of
layout. Logistic regression on the joined films that are looked at
(benchmarks/scenes/scenes_film.py), half of whose cuts stay at their place: 95 % of 114 cuts are
judged right."""
ELSEWHERE = -3.0
"""Log odds by which a place before the last one is less likely than it."""


class Glance(NamedTuple):
    """A frame that is kept for comparison."""

    time_s: float
    image: Image
    is_film: bool
    """Whether it is neither black nor lettering on black."""


class ShotPlace(NamedTuple):
    """Where one shot plays, as `Shot` holds it."""

    group: int
    continues: float
    has_film: bool


class Glancer:
    """Keeps a small frame at even intervals, some 7 kB each.

    Args:
        every_s: seconds between them.
    """

    def __init__(self, every_s: float = 0.4) -> None:
        self._every_s = every_s
        self._next_s = 0.0
        self._kept: list[Glance] = []

    def offer(self, frame: Frame) -> None:
        """Keep the frame if it is time for one."""
        if frame.time_s + 1e-6 < self._next_s:
            return
        small = cv2.resize(frame.large, SIZE, interpolation=cv2.INTER_AREA)
        self._kept.append(Glance(frame.time_s, small.astype(np.uint8), is_film(frame.large)))
        self._next_s = frame.time_s + self._every_s

    def follow(self, later: "Glancer") -> None:
        """Add what was kept of a later part."""
        self._kept += later._kept

    def of(self, start_s: float, end_s: float) -> list[Glance]:
        """What was kept of a shot, from its inside if there is enough; else the nearest frame."""
        edge = 0.1 * (end_s - start_s)
        inside = [g for g in self._kept if start_s + edge <= g.time_s <= end_s - edge]
        inside = inside or [g for g in self._kept if start_s <= g.time_s < end_s]
        middle = (start_s + end_s) / 2
        return inside or sorted(self._kept, key=lambda g: abs(g.time_s - middle))[:1]


class _Looks(NamedTuple):
    """What a shot's frames look like."""

    colours: Floats
    layouts: tuple[Floats, ...]
    """Of the frames and of their middle parts, so that a closer shot meets its wider one."""


def grouped(shots: Sequence[Sequence[Glance]]) -> tuple[ShotPlace, ...]:
    """Where each shot plays; shots without film are at no place and part no others.

    Args:
        shots: per shot what was kept of it, at least one frame.
    """
    found: list[ShotPlace] = []
    known: list[list[_Looks]] = []
    last: int | None = None
    for glances in shots:
        if 2 * sum(glance.is_film for glance in glances) <= len(glances):
            found.append(ShotPlace(0, 0.0, False))
            continue
        looks = _looks(glances)
        odds = [
            _odds(looks, other) + (0.0 if index == last else ELSEWHERE)
            for index, other in enumerate(known)
        ]
        continues = 1 / (1 + np.exp(-odds[last])) if last is not None else 0.0
        best = int(np.argmax(odds)) if odds else 0
        if not odds or odds[best] <= 0:
            best = len(known)
            known.append([])
        known[best].append(looks)
        last = best
        found.append(ShotPlace(best + 1, round(float(continues), 3), True))
    return tuple(found)


def is_film(image: Image) -> bool:
    """Whether a frame shows film: neither black nor thin, grey, bright lettering on black.

    Args:
        image: BGR, uint8.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if float((grey > BLACK).mean()) < BARE:
        return False
    lit = grey > 2 * BLACK
    border = np.concatenate([grey[:4].ravel(), grey[-4:].ravel(), grey[:, :4].ravel()])
    if float(lit.mean()) > SPARSE or not lit.any() or border.max() > 2 * BLACK:
        return True
    inner = cv2.erode(lit.astype(np.uint8), np.ones((9, 9), np.uint8))
    colour = image[lit].astype(np.int16)
    coloured = float((colour.max(1) - colour.min(1)).mean())
    return float(inner.sum()) >= 0.1 * lit.sum() or coloured >= 60


def without_bars(image: Image) -> Image:
    """The frame without black bars around it; all of it if it is dark as a whole."""
    bright = image.max(2) > BLACK
    rows, columns = (np.nonzero(bright.mean(axis) > 0.05)[0] for axis in (1, 0))
    if len(rows) < image.shape[0] // 3 or len(columns) < image.shape[1] // 3:
        return image
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _looks(glances: Sequence[Glance]) -> _Looks:
    chosen = np.unique(np.linspace(0, len(glances) - 1, MOST).round().astype(int))
    images = [without_bars(glances[index].image) for index in chosen]
    colours = np.mean([_colours(image) for image in images], axis=0)
    return _Looks(colours, tuple(_layout(i, z) for i in images for z in (False, True)))


def _colours(image: Image) -> Floats:
    """Share of the frame of each of 600 colours in CIELAB, each a little spread."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float64)
    edges = ((0, 256), (78, 178), (78, 178))
    counts, _ = np.histogramdd(
        lab.clip((0, 78, 78), (255, 177, 177)), bins=(6, 10, 10), range=edges
    )
    spread = scipy.ndimage.gaussian_filter(counts, 0.7)
    return np.asarray((spread / spread.sum()).ravel())


def _layout(image: Image, closer: bool) -> Floats:
    """The frame, or its middle two thirds, in 9 × 16 cells around their mean."""
    height, width = image.shape[:2]
    if closer:
        image = image[height // 6 : height - height // 6, width // 6 : width - width // 6]
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    cells = cv2.resize(lab, (16, 9), interpolation=cv2.INTER_AREA).astype(np.float64)
    centred = cells - cells.mean((0, 1))
    return np.asarray(centred / max(float(np.sqrt(np.square(centred).sum())), 1e-6))


def _odds(looks: _Looks, others: Sequence[_Looks]) -> float:
    """Log odds that a shot shows the place of others: by the last ones that are most like it."""
    return max(_pair(looks, other) for other in others[-4:])


def _pair(one: _Looks, other: _Looks) -> float:
    colour = float(np.sqrt(one.colours * other.colours).sum())
    layout = max(
        float((a * b).sum())
        for k, a in enumerate(one.layouts)
        for m, b in enumerate(other.layouts)
        if not (k % 2 and m % 2)
    )
    return BIAS + BY_COLOUR * colour + BY_LAYOUT * layout
