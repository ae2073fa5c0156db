"""Figures with intervals: the bootstrap over clips (Efron & Tibshirani, 1993, chapter 13)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SET_RESAMPLES = 20
"""Of a distance between sets, which takes long: from them the standard error alone is taken."""
LEVEL = 95.0
_NORMAL = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""


class Cell(NamedTuple):
    """One figure of a table."""

    value: float | None
    low: float | None = None
    high: float | None = None
    clips: int = 0
    needs: str = ""
    """What is missing for a figure: a noun, a colon, and how to get it."""


def mean_cell(values: Sequence[float], seed: int = 0) -> Cell:
    """The mean over clips, between the percentiles of its bootstrap; no interval for one clip."""
    if not values:
        return Cell(None, needs="truth: clips for which this is known")
    found = np.asarray(values, np.float64)
    mean = float(found.mean())
    if len(found) < 2:
        return Cell(mean, clips=1)
    drawn = np.random.default_rng(seed).integers(len(found), size=(RESAMPLES, len(found)))
    tail = (100.0 - LEVEL) / 2.0
    low, high = np.percentile(found[drawn].mean(axis=1), [tail, 100.0 - tail])
    return Cell(mean, float(low), float(high), len(found))


def set_cell(figure: Callable[[NDArray[np.intp]], float], clips: int, seed: int = 0) -> Cell:
    """A figure of a set of clips, with an interval of ±1.96 bootstrap standard errors.

    Drawing clips with repeats narrows a set, so a distance of drawn sets lies above the true one:
    their spread is used, their middle is not.

    Args:
        figure: of the clips with these indices.
        clips: how many there are.
        seed: of the draws.
    """
    value = figure(np.arange(clips))
    rng = np.random.default_rng(seed)
    drawn = [figure(rng.integers(clips, size=clips)) for _ in range(SET_RESAMPLES)]
    reach = _NORMAL * float(np.std(drawn, ddof=1))
    return Cell(value, max(0.0, value - reach), value + reach, clips)
