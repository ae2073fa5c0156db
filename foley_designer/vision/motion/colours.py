"""Colours: how often a thing has each one, and how alike two things are by that."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.video.frame import Image

Colours = NDArray[np.float64]
"""Share of a thing's pixels that have each of 512 colours, 8 levels of blue, green and red."""

OVERLAP = 0.65
"""Likeness from which two things look alike."""


def colour_bins(pixels: Image) -> NDArray[np.intp]:
    """Number of the colour, of 512, that each pixel ``[..., 3]`` has."""
    coarse = pixels.astype(np.intp) >> 5
    return np.asarray(coarse[..., 0] * 64 + coarse[..., 1] * 8 + coarse[..., 2])


@cache
def _smoothing() -> Colours:
    """Spreads counts over 8 levels to their neighbours, ``[8, 8]``."""
    return np.asarray(scipy.ndimage.gaussian_filter1d(np.eye(8), 0.6, axis=0))


def colours_of(pixels: Image) -> Colours:
    """Colours of pixels ``[count, 3]``, each a little spread to its neighbours."""
    counts = np.bincount(colour_bins(pixels), minlength=512).astype(np.float64)
    smoothing = _smoothing()
    spread = smoothing @ counts.reshape(8, 64)
    spread = (smoothing @ spread.reshape(8, 8, 8)) @ smoothing.T
    return np.asarray(spread.ravel() / max(float(spread.sum()), 1e-9))


def coarse(colours: Colours) -> NDArray[np.float16]:
    """The same in 64 colours, to be kept."""
    summed = colours.reshape(4, 2, 4, 2, 4, 2).sum((1, 3, 5))
    return np.asarray(summed.ravel(), np.float16)


def likeness(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """How alike two things' colours are, 0..1 (Bhattacharyya coefficient)."""
    return float(np.sqrt(one, dtype=np.float32) @ np.sqrt(other, dtype=np.float32))


def are_distinct(colours: Sequence[Colours | None]) -> bool:
    """Whether all things' colours are known and no two of them much alike."""
    known = [one for one in colours if one is not None]
    return len(known) == len(colours) and all(
        likeness(one, other) < OVERLAP for one, other in combinations(known, 2)
    )
