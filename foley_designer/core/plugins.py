"""What installed packages offer under the name of an entry-point group."""

import sys
from functools import cache
from importlib import metadata
from typing import Any


def entry_points(*, group: str) -> metadata.EntryPoints:
    """A group's entry points; the packages are looked through once for each import path."""
    found: metadata.EntryPoints = _offered(tuple(sys.path)).select(group=group)
    return found


@cache
def _offered(path: tuple[str, ...]) -> Any:  # noqa: ARG001 - what it depends on
    return metadata.entry_points()
