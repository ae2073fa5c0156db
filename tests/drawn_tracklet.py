"""Tracklets of drawn silhouettes, for tests of what is read from them."""

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import coarse, colours_of
from foley_designer.vision.motion.motion import Camera, FrameMotion
from foley_designer.vision.motion.regions import DIRECTIONS, Region
from foley_designer.vision.tracking.tracklet import Tracklet

STILL = np.zeros(DIRECTIONS, np.float32)


def painted(blue: int, green: int, red: int) -> NDArray[np.float16]:
    """Colours of a thing that has one."""
    return coarse(colours_of(np.full((200, 3), (blue, green, red), np.uint8)))


def drawn_region(
    x: float,
    y: float = 0.5,
    *,
    size: float = 0.1,
    height: float | None = None,
    colours: NDArray[np.float16] | None = None,
) -> Region:
    """One silhouette around a place."""
    half, tall = size / 2, (size if height is None else height) / 2
    return Region(
        track=1, is_shared=False, apart_from=frozenset(), left=x - half, top=y - tall,
        right=x + half, bottom=y + tall, level=y, x=x, y=y, tip_x=x, tip_y=y, dx=0.0, dy=0.0,
        area=size * 2 * tall, flow=STILL + 0.01, low_flow=STILL, change=1.0, colours=colours,
    )  # fmt: skip


def still_motions(times_s: NDArray[np.float64]) -> list[FrameMotion]:
    """A camera that stands still, one entry a frame."""
    gaps = np.diff(times_s, prepend=times_s[0])
    return [
        FrameMotion(float(at), float(gap), Camera(), (), STILL, 1.0, 0.1, 16 / 9)
        for at, gap in zip(times_s, gaps, strict=True)
    ]


def drawn_tracklet(
    frames: list[int], times_s: NDArray[np.float64], regions: list[Region]
) -> Tracklet:
    """A tracklet of these silhouettes; ``times_s`` has one entry a frame of the clip."""
    tracklet = Tracklet()
    for frame, region in zip(frames, regions, strict=True):
        tracklet.add(frame, float(times_s[frame]), region)
    return tracklet
