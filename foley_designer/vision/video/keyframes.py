"""Keyframes: a few small frames a shot, gathered in the one decoding pass."""

from pathlib import Path

import cv2

from foley_designer.core.files import write_bytes
from foley_designer.vision.video.frame import Frame

QUALITY = 85
MOST = 64
"""Frames held at once in each generation; then every other one is let go."""


class KeyframeKeeper:
    """Keeps frames at growing intervals, so that memory stays flat however long the clip is."""

    def __init__(self, every_s: float = 0.5) -> None:
        self._every_s = every_s
        self._next_s = 0.0
        self._kept: list[tuple[float, bytes]] = []

    def offer(self, frame: Frame) -> None:
        """Take the frame if it is time for one."""
        if frame.time_s + 1e-6 < self._next_s:
            return
        self._kept.append((frame.time_s, _jpeg(frame)))
        if len(self._kept) > MOST:
            self._kept = self._kept[::2]
            self._every_s *= 2
        self._next_s = self._kept[-1][0] + self._every_s

    def write(self, folder: Path, shot: int, start_s: float, end_s: float) -> tuple[str, ...]:
        """Write up to three frames of a shot; names tell shot and milliseconds."""
        inside = [one for one in self._kept if start_s <= one[0] < end_s]
        chosen = sorted({round(share * (len(inside) - 1)) for share in (0.1, 0.5, 0.9)})
        names = []
        for index in chosen if inside else []:
            time_s, data = inside[index]
            name = f"shot{shot + 1:03}_{round(time_s * 1000):08}ms.jpg"
            write_bytes(folder / name, data)
            names.append(name)
        return tuple(names)


def _jpeg(frame: Frame) -> bytes:
    _, data = cv2.imencode(".jpg", frame.large, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()
