"""Whether a shot plays out of doors, by what its pictures are named and by how its frames look."""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from foley_designer.core.script.observation import PlaceTrait
from foley_designer.vision.pictures.classes import classes

FURTHEST = 0.98
"""No belief of the frames counts for more: they are a small model's."""


class Weights(NamedTuple):
    """What `benchmarks/seeing/fit_outdoors.py` fitted."""

    sides: dict[str, float]
    """By class how much more its words are about things out of doors than about rooms, in standard
    deviations over all classes."""
    slope: float
    bias: float
    frames: float
    """How much the log odds by the frames count beside those by the names."""


@cache
def weights() -> Weights:
    """The weights that the package carries."""
    path = files("foley_designer.vision.pictures") / "outdoors.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    names = (one.name for one in classes())
    sides = dict(zip(names, told["sides"], strict=True))
    return Weights(sides, told["slope"], told["bias"], told["frames"])


def side(named: Mapping[str, float], sides: Mapping[str, float]) -> float:
    """Mean side of the classes of a shot, each by the root of its belief, times the belief in all.

    Where belief is spread over more classes than are kept, as on drawn film, they say less.
    """
    roots = {name: math.sqrt(belief) for name, belief in named.items() if name in sides}
    mean = sum(root * sides[name] for name, root in roots.items()) / max(sum(roots.values()), 1e-9)
    return mean * sum(named.values())


def weighed(place: dict[PlaceTrait, float], named: Mapping[str, float]) -> dict[PlaceTrait, float]:
    """The traits of a shot's place, with names weighed in; as they are if it has none.

    Args:
        place: belief in each trait by the frames.
        named: belief in the likeliest classes, as `Names.of` gives it.
    """
    if not named or PlaceTrait.OUTDOORS not in place:
        return place
    fitted = weights()
    seen = min(max(place[PlaceTrait.OUTDOORS], 1 - FURTHEST), FURTHEST)
    odds = fitted.slope * side(named, fitted.sides) + fitted.bias
    odds += fitted.frames * math.log(seen / (1 - seen))
    return place | {PlaceTrait.OUTDOORS: round(1 / (1 + math.exp(-odds)), 3)}
