"""Standing: whether people are seen in a shot, and how high one stands in its frame.

A body is looked for once a second, which costs a fiftieth of a second; nobody is followed. The
body detector says where someone is and how large from head to foot, also where the frame cuts most
of it off; the landmark network says whether it is a body at all.
"""

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from foley_designer.vision.models.landmarks import (
    BODY,
    BODY_DETECTOR,
    BODY_SCALE,
    Detector,
    Network,
    body_roi,
)
from foley_designer.vision.models.people import SEEN_BODY
from foley_designer.vision.video.frame import Frame

EVERY_S = 1.0
"""Seconds between two looks; a shot is looked at soon after it begins."""
AFTER_CUT_S = 0.2
MOST_TRIED = 3
"""Places in a frame that are looked at closely."""
SURE = 0.7
"""Presence, as the middle one of a shot's looks, from which somebody is seen: 18 of 27 real clips
with people reach it, and one of 36 without (`python -m benchmarks.scenes.shot_sizes`)."""


class BodyLook(NamedTuple):
    """What one look for a body saw."""

    time_s: float
    presence: float
    height: float


class Bodies:
    """All looks at a clip's frames.

    Args:
        looks: in time order.
    """

    def __init__(self, looks: Iterable[BodyLook] = ()) -> None:
        self.looks = [*looks]

    def of(self, start_s: float, end_s: float) -> float | None:
        """How surely people are seen in a stretch, 0..1; None if it was not looked at."""
        found = self._within(start_s, end_s)
        return round(min(1.0, median(one.presence for one in found)), 3) if found else None

    def height(self, start_s: float, end_s: float) -> float | None:
        """Height of whoever is surely seen in a stretch, in frame heights; None without anyone.

        It is that of the whole body, most of which may lie outside the frame.
        """
        if (self.of(start_s, end_s) or 0.0) < SURE:
            return None
        return median(one.height for one in self._within(start_s, end_s) if one.presence >= SURE)

    def _within(self, start_s: float, end_s: float) -> list[BodyLook]:
        return [one for one in self.looks if start_s <= one.time_s < end_s]


class Standing(Bodies):
    """Looks for people in the one decoding pass.

    Args:
        folder: holds the files of the models.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._bodies = Network(folder / BODY)
        self._detector = Detector(
            Network(folder / BODY_DETECTOR), (8, 16, 32, 32, 32), -1.0, SEEN_BODY
        )
        self._next_s = AFTER_CUT_S

    def offer(self, frame: Frame, *, is_cut: bool) -> None:
        """Take the frame if it is time for one."""
        if is_cut:
            self._next_s = frame.time_s + AFTER_CUT_S
        if frame.time_s < self._next_s:
            return
        self._next_s = frame.time_s + EVERY_S
        image = np.ascontiguousarray(frame.large[..., ::-1])
        best = BodyLook(frame.time_s, 0.0, 0.0)
        for found in self._detector.look(image)[:MOST_TRIED]:
            roi = body_roi(found.keys)
            presence = float(self._bodies.run(image, roi)[1][0])
            if presence > best.presence:
                height = roi.side / BODY_SCALE / image.shape[0]
                best = BodyLook(frame.time_s, presence, height)
        self.looks.append(best)
