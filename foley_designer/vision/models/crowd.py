"""Following people beside the other looking, in a thread of its own."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from foley_designer.vision.models.landmarks import Image
from foley_designer.vision.models.people import People, PeopleTracker
from foley_designer.vision.video.frame import Frame

RATE = 15.0
"""Frames a second in which people are looked for; places between them are interpolated."""
SLACK = 0.9
"""Share of the time between two such frames after which the next one is taken."""
MOST_WAITING = 8
"""Frames that may wait; memory stays flat."""

Seen = Callable[[], People]
"""Waits until a frame's people are known."""


class Crowd:
    """Follows people through the frames of a film.

    Args:
        folder: holds the files of the models.
    """

    def __init__(self, folder: Path) -> None:
        self._tracker = PeopleTracker(folder)
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[People]] = deque()
        self._next_s = 0.0

    def follow(self, frame: Frame, *, is_cut: bool) -> Seen | None:
        """Who is seen in the next frame; None if it is passed over."""
        if frame.time_s < self._next_s and not is_cut:
            return None
        self._next_s = frame.time_s + SLACK / RATE
        rgb = np.ascontiguousarray(frame.large[..., ::-1])
        future = self._worker.submit(self._follow, rgb, is_cut)
        self._waiting.append(future)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft().result()
        return future.result

    def close(self) -> None:
        """End the thread."""
        self._worker.shutdown()

    def _follow(self, image: Image, is_cut: bool) -> People:
        if is_cut:
            self._tracker.cut()
        return self._tracker.follow(image)
