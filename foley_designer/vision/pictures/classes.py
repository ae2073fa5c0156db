"""ImageNet's thousand classes: what they are called and what that means (`classes.txt`)."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Class(NamedTuple):
    """One class of pictures."""

    name: str
    """As it is called first; no two classes share it."""
    words: str
    """All that it is called, and what that means."""


@cache
def classes() -> tuple[Class, ...]:
    """The classes in the network's order."""
    path = files("foley_designer.vision.pictures") / "classes.txt"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(Class(names.split(",")[0], f"{names}: {means}") for names, means in rows)
