"""Background model: the frame of a window of film without what moves through it.

What differs from the background is the whole of a thing, its flat flanks and its resting parts too,
of which flow shows the edges alone.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.measuring import (
    Measured,
    carried,
    corners,
    dense_flow,
    similarity,
)
from foley_designer.vision.motion.regions import MIN_AREA, Mask
from foley_designer.vision.video.frame import Image

KEYS = 28
"""Frames that a background is the median of."""
FEWEST = 12
"""Frames under which a window tells no background."""
STANDS_PX = 0.25
"""Way of the frame's corners between two keys under which the camera stands."""
WIDEST = 3.0
"""Area that a moving camera may sweep, in frames."""
SURE = 5
"""Frames that must have seen a place."""
DIFFERS = 26.0
"""Grey levels in one colour by which a pixel is not the background's."""
MOST = 0.6
"""Share of a frame that differs, from which it is another frame rather than a thing in it."""
UNRULY = 3.0
"""Times the usual stray of a place that a pixel must differ by."""
GHOSTLY = 1.4
"""Times sharper than in the frame that the outline of what only the background shows is there."""
SEEN_BARE = 3
"""Frames that must show a place without such a thing."""
BUSY = 0.15
"""Mean share of the frame that differs at rest, from which there is no telling a background."""

Floats = NDArray[np.float64]


class BackgroundModel(NamedTuple):
    """What stays, on a canvas that holds every frame of the window."""

    image: Image
    least: NDArray[np.float32]
    """Grey levels by which a pixel must differ; infinite where too few frames saw the place."""
    ways: list[Floats]
    """Per frame, the matrix from the canvas to the frame."""


def silhouettes(window: Sequence[Measured]) -> Iterator[Mask | None]:
    """Per frame the pixels that are not the background's; None for all if there is no telling."""
    background = background_of(window)
    if background is None or _is_busy(window, background):
        yield from (None for _ in window)
        return
    for index, one in enumerate(window):
        yield silhouette(one.moving.image, background, index)


def background_of(window: Sequence[Measured]) -> BackgroundModel | None:
    """The median of a window's frames, camera movement undone; None if that can't be told."""
    if len(window) < FEWEST:
        return None
    keys = sorted(set(np.linspace(0, len(window) - 1, KEYS).astype(int).tolist()))
    ways = _ways(window, keys)
    high, wide = window[0].moving.mask.shape
    seen = np.concatenate([carried(_inverse(way), corners((high, wide))) for way in ways])
    low, top = np.floor(seen.min(0)), np.ceil(seen.max(0))
    size = (int(top[0] - low[0]) + 1, int(top[1] - low[1]) + 1)
    if size[0] * size[1] > WIDEST * high * wide:
        return None
    shift = np.array([[1.0, 0.0, low[0]], [0.0, 1.0, low[1]], [0.0, 0.0, 1.0]])
    ways = [(_square(way) @ shift)[:2] for way in ways]
    images = [window[key].moving.image for key in keys]
    image, least = _median(images, [ways[key] for key in keys], size)
    return _without_ghosts(BackgroundModel(image, least, ways), window, keys)


def silhouette(image: Image, background: BackgroundModel, index: int) -> Mask:
    """The pixels of the window's frame ``index`` that differ from the background.

    A camera's change of exposure is taken out; where most differs all the same, nothing is told.
    """
    still, least = _shown(background, background.ways[index], image.shape)
    stray = cv2.subtract(image[::2, ::2], still[::2, ::2], dtype=cv2.CV_16S)
    exposure = np.median(stray.reshape(-1, 3), axis=0).astype(np.int16)
    if exposure.any():
        change = np.abs(cv2.subtract(image, still, dtype=cv2.CV_16S) - exposure)
    else:
        change = cv2.absdiff(image, still)
    blue, green, red = cv2.split(change)
    differs = cv2.max(cv2.max(blue, green), red) > least
    if np.count_nonzero(differs) > MOST * differs.size:
        return np.zeros_like(differs)
    square = np.ones((2, 2), np.uint8)
    core = cv2.dilate(cv2.erode(differs.view(np.uint8), square), square, anchor=(0, 0))
    return core > 0


def _shown(
    background: BackgroundModel, way: Floats, shape: tuple[int, ...]
) -> tuple[Image, NDArray[np.float32]]:
    """The background and its least differences, as a frame sees them."""
    size = (shape[1], shape[0])
    if background.image.shape == shape and np.array_equal(way, np.eye(2, 3)):
        return background.image, background.least
    still = cv2.warpAffine(background.image, way, size, flags=cv2.INTER_LINEAR)
    least = cv2.warpAffine(
        background.least, way, size, flags=cv2.INTER_NEAREST, borderValue=[float("inf")]
    )
    return np.asarray(still, np.uint8), np.asarray(least, np.float32)


def _without_ghosts(
    background: BackgroundModel, window: Sequence[Measured], keys: list[int]
) -> BackgroundModel:
    """The background where a thing that stood in the way for most of the time is taken out.

    While it is elsewhere, its place differs from the background, but the outline is the
    background's own.
    """
    size = (background.image.shape[1], background.image.shape[0])
    edges = _edges(background.image)
    uncovered: list[Image] = []
    where: list[Mask] = []
    for key in keys:
        image, way = window[key].moving.image, background.ways[key]
        ghosts = _ghosts(silhouette(image, background, key), image, edges, way)
        if ghosts.any():
            back = _inverse(way)
            shown = cv2.warpAffine(image, back, size, flags=cv2.INTER_LINEAR)
            uncovered.append(np.asarray(shown, np.uint8))
            where.append(cv2.warpAffine(ghosts.astype(np.uint8), back, size) > 0)
    if not where:
        return background
    known = np.stack(where)
    count = known.sum(0)
    middle = (np.maximum(count, 1) - 1) // 2
    mended = np.where(
        (count >= SEEN_BARE)[..., None],
        _ranked(np.stack(uncovered), known, middle),
        background.image,
    )
    return background._replace(image=np.asarray(mended, np.uint8))


def _ghosts(
    differs: Mask, image: Image, background_edges: NDArray[np.float32], way: Floats
) -> Mask:
    """Parts of a silhouette whose outline stands out in the background and not in the frame."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(differs.astype(np.uint8))
    found = np.zeros_like(differs)
    large = [
        label
        for label in range(1, count)
        if stats[label, cv2.CC_STAT_AREA] >= MIN_AREA * differs.size
    ]
    if not large:
        return found
    size = (image.shape[1], image.shape[0])
    here, there = _edges(image), cv2.warpAffine(background_edges, way, size)
    for label in large:
        part = (labels == label).astype(np.uint8)
        rim = cv2.morphologyEx(part, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        if there[rim].mean() > GHOSTLY * here[rim].mean():
            found |= part > 0
    return found


def _edges(image: Image) -> NDArray[np.float32]:
    """How steeply the colour that changes most does so at each pixel."""
    across, down = (cv2.Sobel(image, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    blue, green, red = cv2.split(cv2.magnitude(across, down))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.float32)


def _is_busy(window: Sequence[Measured], background: BackgroundModel) -> bool:
    shares = []
    for index in np.linspace(0, len(window) - 1, KEYS).astype(int).tolist():
        moving = window[index].moving
        near = cv2.dilate(moving.mask.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
        shares.append(float((silhouette(moving.image, background, index) & ~near).mean()))
    return float(np.mean(shares)) > BUSY


def _ways(window: Sequence[Measured], keys: list[int]) -> list[Floats]:
    """Per frame the matrix from the window's first frame to it.

    Keys are registered to one another, so that small errors don't add up over every frame, and a
    camera that stands stays exactly where it is.
    """
    flow = dense_flow()
    box = corners(window[0].moving.mask.shape)
    ways = [np.eye(2, 3)]
    for first, last in pairwise(keys):
        base = ways[first]
        steps = [np.eye(2, 3)]
        for one in window[first + 1 : last + 1]:
            steps.append((_square(one.matrix) @ _square(steps[-1]))[:2])
        greys = [window[key].grey for key in (first, last)]
        direct, agreement = similarity(flow.calc(*greys, None))  # type: ignore[call-overload]
        whole = direct if agreement > 0.4 else steps[-1]
        if float(np.abs(carried(whole, box) - box).max()) < STANDS_PX:
            whole = np.eye(2, 3)
        off = _square(whole) @ np.linalg.inv(_square(steps[-1]))
        for at, step in enumerate(steps[1:], 1):
            share = at / (last - first)
            mended = (1 - share) * np.eye(3) + share * off
            moved = (mended @ _square(step))[:2]
            if float(np.abs(carried(moved, box) - box).max()) < STANDS_PX:
                moved = np.eye(2, 3)
            ways.append((_square(moved) @ _square(base))[:2])
    return ways


def _median(
    images: list[Image], ways: list[Floats], size: tuple[int, int]
) -> tuple[Image, NDArray[np.float32]]:
    """The median frame on a canvas, and by how much a pixel must differ from it."""
    white = np.full(images[0].shape[:2], 255, np.uint8)
    moved, seen = [], []
    for image, way in zip(images, ways, strict=True):
        back = _inverse(way)
        still = cv2.warpAffine(image, back, size, flags=cv2.INTER_LINEAR)
        moved.append(np.asarray(still, np.uint8))
        seen.append(cv2.warpAffine(white, back, size, flags=cv2.INTER_NEAREST) > 0)
    stack, known = np.stack(moved), np.stack(seen)
    count = known.sum(0)
    middle = (np.maximum(count, 1) - 1) // 2
    image = _ranked(stack, known, middle)
    stray = np.asarray(np.abs(stack.astype(np.int16) - image), np.uint8)
    usual = _ranked(stray, known, middle).max(2).astype(np.float32)
    least = np.maximum(DIFFERS, UNRULY * usual + 0.5 * DIFFERS).astype(np.float32)
    least[count < SURE] = np.inf
    return image, least


def _ranked(stack: NDArray[np.uint8], known: Mask, rank: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Per pixel and colour the value of a rank among what is known, ``[frames, y, x, 3]``.

    Whole frames are sorted against each other by Batcher's odd-even merges ("Sorting networks and
    their applications", 1968): some five times as fast as a sort of each pixel.
    """
    filled = np.where(known[..., None], stack, np.uint8(255))
    planes: list[Image] = list(filled)
    for low, high in _exchanges(len(planes)):
        one, other = planes[low], planes[high]
        planes[low] = np.asarray(cv2.min(one, other), np.uint8)
        planes[high] = np.asarray(cv2.max(one, other), np.uint8)
    at = np.broadcast_to(rank[None, :, :, None], (1, *stack.shape[1:]))
    return np.asarray(np.take_along_axis(np.stack(planes), at, 0)[0])


@cache
def _exchanges(count: int) -> tuple[tuple[int, int], ...]:
    """Pairs that a merge exchange sort compares in turn (Knuth, vol. 3, 5.2.2, algorithm M)."""
    found = []
    span = 1
    while span < count:
        step = span
        while step >= 1:
            for start in range(step % span, count - step, 2 * step):
                for low in range(start, min(start + step, count - step)):
                    if low // (2 * span) == (low + step) // (2 * span):
                        found.append((low, low + step))
            step //= 2
        span *= 2
    return tuple(found)


def _square(matrix: Floats) -> Floats:
    return np.vstack([matrix, [0.0, 0.0, 1.0]])


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(_square(matrix))[:2])
