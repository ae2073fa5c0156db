"""Recordings that sound unlike the others of their folder, and like those of another one."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.generator.library.search import Library

_NEIGHBOURS = 5
_LEAST_FILES = _NEIGHBOURS + 1
"""Folders with fewer recordings than this have no sound of their own."""
_UNLIKE = 1.5
"""So many times as far from its own folder as from another. On ESC-10, 1.5 named 7 of 10
recordings that were put into a wrong folder, and 6 of 400 that were not."""


class Misfit(NamedTuple):
    """A recording that may lie in the wrong folder."""

    path: str
    sounds_like: str
    """The folder whose recordings it is nearest to."""
    ratio: float
    """Mean distance to the five nearest of its own folder over that of ``sounds_like``."""


def find_misfits(library: Library) -> tuple[Misfit, ...]:
    """Recordings that may be mislabelled, the most doubtful first.

    Every recording is compared with every other; allow a minute for ten thousand.
    """
    folders: dict[str, list[str]] = {}
    for path in library.paths:
        folders.setdefault(str(Path(path).parent), []).append(path)
    groups = {name: paths for name, paths in folders.items() if len(paths) >= _LEAST_FILES}
    if len(groups) < 2:
        return ()
    paths = [path for group in groups.values() for path in group]
    edges = np.cumsum([0, *(len(group) for group in groups.values())])
    names = list(groups)
    found = []
    for row, path in enumerate(paths):
        distances = library.distances(library.sound_of(path), paths)
        distances[row] = np.inf
        parts = np.split(distances, edges[1:-1])
        means = np.array([np.sort(part)[:_NEIGHBOURS].mean() for part in parts])
        own = int(np.searchsorted(edges, row, side="right")) - 1
        mine, means[own] = float(means[own]), np.inf
        other = int(np.argmin(means))
        ratio = mine / max(float(means[other]), 1e-9)
        if ratio > _UNLIKE:
            found.append(Misfit(path, names[other], ratio))
    return tuple(sorted(found, key=lambda misfit: (-misfit.ratio, misfit.path)))
