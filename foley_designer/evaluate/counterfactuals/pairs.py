"""The pairs: what is sounded, which measure goes where, and what stays."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.space import Space

FILE = Path(__file__).with_name("pairs.yaml")
SECONDS = 3.0
"""Of each sound."""


class Way(StrEnum):
    """Where a measure goes from a to b."""

    UP = "up"
    DOWN = "down"


class Scene(Part):
    """One side of a pair: words, and what is not left to words."""

    text: str = Field(min_length=3)
    onsets: tuple[float, ...] = ()
    """Seconds; empty leaves them to the words."""
    distance: float | None = Field(default=None, gt=0)
    """Metres."""
    space: Space | None = None


class Pair(Part):
    """Two scenes that differ in one factor."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    held: bool = False
    """Whether the pair was kept aside while sounds were built, so that its figure is a test."""
    factor: str
    a: Scene
    b: Scene
    expect: dict[str, Way] = Field(min_length=1)
    same: dict[str, float]
    """Largest difference of measures that should not move, in their units."""
    why: str


@cache
def pairs() -> tuple[Pair, ...]:
    """All pairs, in the order of the file."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(Pair.model_validate(one) for one in listed)
