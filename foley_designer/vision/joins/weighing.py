"""How surely measures of a place in time speak for a join: logistic models fitted by a command.

The weights come from films joined of real clips with known joins
(`benchmarks/scenes/fit_joins.py`, card beside the weights).
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DECIDES = {"cut": -0.7, "dissolve": -1.5}
"""Log odds from which there is a join: those of best F1 on joined films
(`benchmarks/scenes/scenes_film.py`), in which cameras pan and lights flash less often than in the
films that the weights were fitted on."""
WEIGHTS = Path(__file__).parent / "weights" / "joins.json"


@cache
def weights(kind: str) -> dict[str, float]:
    """Weight of each measure of a kind of join, and ``bias``, in log odds."""
    read: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text())
    return read[kind]


def speaks(odds: Floats, kind: str) -> NDArray[np.bool_]:
    """Whether log odds are those of a join."""
    return np.asarray(odds > DECIDES[kind])


def log_odds(kind: str, measures: dict[str, Floats]) -> Floats:
    """Log odds that there is a join of this kind, ``[candidates]``.

    Args:
        kind: ``cut`` or ``dissolve``.
        measures: name to its values, ``[candidates]`` each.
    """
    fitted = weights(kind)
    total = sum(weight * measures[name] for name, weight in fitted.items() if name != "bias")
    return np.asarray(total + fitted["bias"], np.float64)
