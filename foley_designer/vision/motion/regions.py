"""Regions: the connected moving parts of one frame, each in a few numbers.

Displacements are in frame widths, x to the right and y down; places in 0..1 of width and height.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import coarse, colours_of
from foley_designer.vision.video.frame import Image

DIRECTIONS = 8
"""Bins of a directional flow histogram (Davis and Agrawala, Visual Rhythm and Beat, 2018)."""
MIN_AREA = 0.0006
"""Share of the frame that a moving region must have."""
MAX_REGIONS = 6
FILLS = 12.0
"""Times its moving pixels that a silhouette may have; a larger one is part of the ground."""
NOW = 0.25
"""Share of a thing that its silhouette must have to tell where it is."""

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

ANGLES = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
AXES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype(np.float32)
"""Unit vectors of the directions."""


class Moving(NamedTuple):
    """What moves in one reduced frame."""

    image: Image
    mask: Mask
    """Moving pixels."""
    flow: Floats
    """Displacement of each pixel since the last frame, camera movement removed, pixels."""
    change: Floats
    """Grey-level change of each pixel, camera movement removed, 0..255."""
    body: Mask | None = None
    """Pixels of things that move at some time, whole silhouettes; None if that can't be told."""


class Region(NamedTuple):
    """A connected moving part of one frame, or one track's part of it."""

    track: int
    """Which track of `foley_designer.vision.tracking.tracker` it shows."""
    is_shared: bool
    """Whether it was told from other tracks that it ran together with."""
    apart_from: frozenset[int]
    """Those of these tracks that are surely others: by their colours, or seen apart for long."""
    left: float
    top: float
    right: float
    bottom: float
    level: float
    """Middle between top and bottom of where it is in this very frame; the edges also hold where
    it has moved from."""
    x: float
    """Centre of its motion, weighted by speed."""
    y: float
    tip_x: float
    """Centre of the fastest tenth of its moving pixels: the end that hits."""
    tip_y: float
    dx: float
    """Mean displacement of its moving pixels."""
    dy: float
    area: float
    """Moving share of the frame."""
    flow: Floats
    """Directional flow histogram: displacement summed over its pixels, a frame's pixels = 1."""
    low_flow: Floats
    """The same over the lowest third of the region, where feet are."""
    change: float
    """Grey-level change summed over its pixels, 0..255, a frame's pixels = 1."""
    colours: NDArray[np.float16] | None
    """Colours of its silhouette, 8 × 8 × 8 summed to 4 × 4 × 4; None if it shows none."""


def towards(flow: Floats, width: int, pixels: int) -> Floats:
    """Displacement towards each direction over some pixels, a frame's pixels being 1.

    Directions come in opposite pairs, of which each displacement counts for one.

    Args:
        flow: of the pixels, ``[pixels, 2]``, pixels.
        width: of the frame, pixels.
        pixels: of the frame.

    Returns:
        ``[directions]``, frame widths.
    """
    along = flow @ AXES[: DIRECTIONS // 2].T
    net, both = along.sum(0), np.abs(along).sum(0)
    total = np.concatenate([both + net, both - net])
    return np.asarray(total / (2 * width * pixels), np.float32)


def components(moving: Moving) -> list[Mask]:
    """The largest connected things that move, gaps of a few pixels bridged.

    A thing is its silhouette if there is one of sane size, else its moving pixels.
    """
    whole = moving.mask if moving.body is None else moving.mask | moving.body
    found = []
    for part in _connected(whole, moving.mask):
        shown = int(np.count_nonzero(part & moving.mask))
        if np.count_nonzero(part) <= FILLS * shown:
            found.append((shown, part))
        else:
            found += [
                (int(np.count_nonzero(one)), one) for one in _connected(part & moving.mask, part)
            ]
    found.sort(key=lambda one: -one[0])
    return [part for shown, part in found[:MAX_REGIONS] if is_large(shown, moving.mask)]


def _connected(whole: Mask, moving: Mask) -> list[Mask]:
    """Connected parts of a mask by falling count of moving pixels."""
    joined = cv2.dilate(whole.astype(np.uint8), np.ones((5, 5), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    sizes = np.bincount(labels[whole & moving], minlength=count)
    labels[~whole] = 0
    sizes[0] = 0
    order = np.argsort(-sizes, kind="stable")[:MAX_REGIONS]
    return [labels == label for label in order if is_large(int(sizes[label]), moving)]


def is_large(pixels: int, mask: Mask) -> bool:
    """Whether so many pixels make a region."""
    return pixels >= MIN_AREA * mask.size


def _now(part: Mask, body: Mask | None) -> Mask:
    """Where a thing is now: moving pixels also show where it was in the last frame."""
    here = part if body is None else part & body
    return here if np.count_nonzero(here) >= NOW * np.count_nonzero(part) else part


def region_of(
    part: Mask,
    moving: Moving,
    track: int = 0,
    *,
    is_shared: bool = False,
    apart_from: frozenset[int] = frozenset(),
) -> Region:
    """Measure one part.

    Args:
        part: its pixels, at least one.
        moving: the frame.
        track: whom it belongs to.
        is_shared: whether other tracks run together with it.
        apart_from: those of them that are surely others.
    """
    height, width = part.shape
    x0, y0, wide, high = cv2.boundingRect(part.view(np.uint8))
    view = (slice(y0, y0 + high), slice(x0, x0 + wide))
    own, shown = part[view], part[view] & moving.mask[view]
    body = None if moving.body is None else moving.body[view]
    here_top, here_bottom = np.add(_ends(_now(own, body), 1), y0)
    left, right = np.add(_ends(own, 0), x0)
    top, bottom = np.add(_ends(own, 1), y0)
    is_seen = bool(shown.any())
    rows, columns = np.nonzero(shown if is_seen else own)
    flow = moving.flow[view][rows, columns] if is_seen else np.zeros((len(rows), 2), np.float32)
    rows, columns = rows + y0, columns + x0
    speed = np.hypot(flow[:, 0], flow[:, 1])
    weight = speed + 1e-3
    weight /= weight.sum()
    fast = speed >= _quantile(speed, 0.9)
    low = rows >= bottom - (bottom - top) / 3
    return Region(
        track=track,
        is_shared=is_shared,
        apart_from=apart_from,
        left=float(left / width),
        top=float(top / height),
        right=float((right + 1) / width),
        bottom=float((bottom + 1) / height),
        level=float((here_top + here_bottom + 1) / 2 / height),
        x=float(columns @ weight / width),
        y=float(rows @ weight / height),
        tip_x=float(columns[fast].mean() / width),
        tip_y=float(rows[fast].mean() / height),
        dx=float(flow[:, 0] @ weight / width),
        dy=float(flow[:, 1] @ weight / width),
        area=np.count_nonzero(own) / part.size,
        flow=towards(flow, width, part.size),
        low_flow=towards(flow[low], width, part.size),
        change=float(moving.change[view][shown].sum() / part.size),
        colours=None if moving.body is None else coarse(colours_of(moving.image[view][own])),
    )


def _ends(part: Mask, axis: int) -> tuple[float, float]:
    """First and last hundredth of a mask's columns (axis 0) or rows (axis 1)."""
    counts = np.count_nonzero(part, axis=axis).cumsum()
    last = int(counts[-1]) - 1
    found = []
    for share in (0.01, 0.99):
        low = int(share * last)
        near, far = np.searchsorted(counts, (low, min(low + 1, last)), "right")
        found.append(float(near + (share * last - low) * (far - near)))
    return found[0], found[1]


def _quantile(values: Floats, share: float) -> float:
    """As `numpy.quantile`, without its checks."""
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    ordered = np.partition(values, (low, high))
    return float(ordered[low] + (at - low) * (ordered[high] - ordered[low]))
