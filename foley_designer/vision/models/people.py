"""Bodies and hands of a clip, followed from frame to frame.

The landmark networks look where the last frame's landmarks were; the detectors run only while
someone may be missing. Hands are also looked for at the wrists of bodies.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.models.landmarks import (
    BODY,
    BODY_DETECTOR,
    HAND,
    PALM_DETECTOR,
    Detector,
    Image,
    Network,
    Roi,
    body_roi,
    hand_roi,
    palm_roi,
    uncrop,
    upright,
)

Floats = NDArray[np.float64]

BODY_POINTS, HAND_POINTS = 33, 21
ARMS = ((13, 15, 17, 19), (14, 16, 18, 20))
"""Elbow, wrist, little and index finger of either side among a body's points."""
MOST_BODIES, MOST_HANDS = 2, 4
LOOK_EVERY = 6
"""Frames between two runs of a detector while fewer than the most are followed: .2 s at 30 fps."""
BELIEVED = 0.5
"""Presence from which a landmark network's answer counts; the models' own default."""
SEEN_BODY = 0.4
"""Score of a detected body; the model's default is .5, and its landmarks are checked again."""
SAME_BODY, SAME_HAND = 0.25, 0.35
"""Regions nearer than this share of their side are one body, one hand."""
REACH, WIDEN = 1.2, 3.6
"""Centre and side of a hand's square from its wrist, in lengths from the wrist to the fingers."""
SMALLEST_PX = 16.0
"""Side of a square under which there is nothing to see."""


class Person(NamedTuple):
    """One body or one hand in one frame."""

    name: int
    """The same number while it is followed."""
    points: Floats
    """``[33 or 21, 3]``: x and y in 0..1 of the frame, visibility 0..1."""


class People(NamedTuple):
    """Bodies and hands in one frame."""

    bodies: tuple[Person, ...]
    hands: tuple[Person, ...]


class PeopleTracker:
    """Follows bodies and hands; give it every frame in order.

    Args:
        folder: holds the files of `landmarks.FILES`.
    """

    def __init__(self, folder: Path) -> None:
        self._find_bodies = Detector(
            Network(folder / BODY_DETECTOR), (8, 16, 32, 32, 32), -1.0, SEEN_BODY
        )
        self._find_palms = Detector(Network(folder / PALM_DETECTOR), (8, 16, 16, 16), 0.0, BELIEVED)
        self._body, self._hand = Network(folder / BODY), Network(folder / HAND)
        self._names = 0
        self.cut()

    def cut(self) -> None:
        """Forget everyone: the next frame begins a new shot."""
        self._bodies: dict[int, Roi] = {}
        self._hands: dict[int, Roi] = {}
        self._frame = 0

    def follow(self, image: Image) -> People:
        """Bodies and hands in the next frame, RGB."""
        looks = self._frame % LOOK_EVERY == 0
        self._frame += 1
        bodies = self._follow_bodies(image, looks)
        return People(bodies, self._follow_hands(image, looks, bodies))

    def _follow_bodies(self, image: Image, looks: bool) -> tuple[Person, ...]:
        tried = dict(self._bodies)
        if len(tried) < MOST_BODIES and (looks or (not tried and self._frame % 2)):
            for found in self._find_bodies.look(image):
                self._add(tried, body_roi(found.keys), SAME_BODY)
        self._bodies, people = {}, []
        for name, roi in list(tried.items())[:MOST_BODIES]:
            raw, presence, *_ = self._body.run(image, roi)
            if presence[0] < BELIEVED:
                continue
            values = raw.reshape(-1, 5)
            pixels = uncrop(values[:, :2] / self._body.side, roi)
            visible = 1 / (1 + np.exp(-np.clip(values[:BODY_POINTS, 3], -30, 30)))
            if _keep(self._bodies, name, body_roi(pixels[BODY_POINTS:]), SAME_BODY):
                people.append(_person(name, pixels[:BODY_POINTS], visible, image))
        return tuple(people)

    def _follow_hands(
        self, image: Image, looks: bool, bodies: tuple[Person, ...]
    ) -> tuple[Person, ...]:
        tried = dict(self._hands)
        if self._frame % 2 and len(tried) < MOST_HANDS:
            for roi in _wrist_rois(bodies, image):
                self._add(tried, roi, SAME_HAND)
        if looks and len(tried) < MOST_HANDS:
            for palm in self._find_palms.look(image):
                self._add(tried, palm_roi(palm), SAME_HAND)
        self._hands, people = {}, []
        for name, roi in list(tried.items())[:MOST_HANDS]:
            raw, presence, *_ = self._hand.run(image, roi)
            if presence[0] < BELIEVED:
                continue
            pixels = uncrop(raw.reshape(-1, 3)[:, :2] / self._hand.side, roi)
            if _keep(self._hands, name, hand_roi(pixels), SAME_HAND):
                people.append(_person(name, pixels, np.full(HAND_POINTS, presence[0]), image))
        return tuple(people)

    def _add(self, tried: dict[int, Roi], roi: Roi, same: float) -> None:
        if roi.side >= SMALLEST_PX and not any(roi.near(one, same) for one in tried.values()):
            self._names += 1
            tried[self._names] = roi


def _keep(kept: dict[int, Roi], name: int, roi: Roi, same: float) -> bool:
    """Take a followed region, unless it has become too small or another one's."""
    if roi.side < SMALLEST_PX or any(roi.near(one, same) for one in kept.values()):
        return False
    kept[name] = roi
    return True


def _wrist_rois(bodies: tuple[Person, ...], image: Image) -> Iterator[Roi]:
    """Where the hands of bodies should be."""
    size = np.array([image.shape[1], image.shape[0]])
    for body in bodies:
        for _, wrist, little, index in ARMS:
            if body.points[wrist, 2] < BELIEVED:
                continue
            start = body.points[wrist, :2] * size
            way = (body.points[little, :2] + body.points[index, :2]) / 2 * size - start
            x, y = start + REACH * way
            yield Roi(
                float(x), float(y), WIDEN * float(np.hypot(*way)), upright(start, start + way)
            )


def _person(name: int, pixels: Floats, visible: Floats, image: Image) -> Person:
    size = np.array([image.shape[1], image.shape[0]])
    return Person(name, np.column_stack([pixels / size, visible]))
