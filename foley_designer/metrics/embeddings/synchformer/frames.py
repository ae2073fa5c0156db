"""The film as Synchformer sees it: 25 squares a second."""

from collections.abc import Iterable, Iterator
from math import floor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foley_designer.metrics.embeddings.synchformer.shape import FPS
from foley_designer.vision.video.decode import MAX_SIDE, frames
from foley_designer.vision.video.frame import Frame

Frames = NDArray[np.uint8]
"""RGB ``[n, side, side, 3]``."""
_ROUNDING = 1e-6


def read_frames(path: Path, side: int) -> Frames:
    """A clip's frames at 25 a second, the square in their middle.

    Args:
        path: the clip.
        side: of the square, pixels; the shorter side is brought to it.

    Raises:
        FoleyError: as `decode.probe`.
    """
    return np.stack(list(held(square(one, side) for one in frames(path, MAX_SIDE))))


def square(frame: Frame, side: int) -> tuple[float, Frames]:
    """Time of a frame, s, and its middle as RGB ``[side, side, 3]``, reduced by cubic splines."""
    height, width = frame.image.shape[:2]
    short = min(height, width)
    size = (side * width // short, side * height // short)
    left, top = (round((one - side) / 2) for one in size)
    whole = Image.fromarray(np.ascontiguousarray(frame.image[:, :, ::-1]))
    small = whole.resize(size, Image.Resampling.BICUBIC)
    return frame.time_s, np.asarray(small.crop((left, top, left + side, top + side)))


def held(timed: Iterable[tuple[float, Frames]], rate: int = FPS) -> Iterator[Frames]:
    """Frames at a steady rate, each shown until the next one's time, rounded to a frame.

    The last is shown as long as the one before it.

    Args:
        timed: frames with their times, s, the first at 0.
        rate: frames a second.
    """
    shown, before_s, last = 0, 0.0, None
    gap_s = 1.0 / rate
    for time_s, picture in timed:
        if last is not None:
            yield from [last] * (_place(time_s, rate) - shown)
            shown, gap_s = _place(time_s, rate), time_s - before_s
        before_s, last = time_s, picture
    if last is not None:
        least = 0 if shown else 1
        yield from [last] * max(least, _place(before_s + gap_s, rate) - shown)


def _place(time_s: float, rate: int) -> int:
    """The nearest picture, the later of two."""
    return floor(time_s * rate + 0.5 + _ROUNDING)
