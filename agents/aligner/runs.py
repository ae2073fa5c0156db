"""Runs of shots: which shots that follow each other make one scene, by looks or by words."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from foley_designer.core.script.observation import Shot

BACK_SHOTS = 3
"""A place that is back after so many other shots was never left: shot and reverse shot
(Yeung and Yeo 1996, overlapping links)."""
SILENT_S = 1.5
"""Black and titles from this length on are stretches without film; shorter ones belong to the
scene before them."""


class Run(NamedTuple):
    """Shots ``first`` to ``last`` (excluded) of one scene."""

    first: int
    last: int
    key: int
    """Number of its text, or of its place; -1 if there is no film."""


def by_place(shots: Sequence[Shot]) -> list[int]:
    """Per shot the number of its scene by looks alone; -1 for black and titles."""
    last_seen: dict[int, int] = {}
    for index, shot in enumerate(shots):
        if shot.has_film:
            last_seen[index] = max(
                k
                for k in range(index, min(len(shots), index + BACK_SHOTS + 2))
                if shots[k].group == shot.group
            )
    scene, end, found = -1, -1, []
    for index, shot in enumerate(shots):
        if not shot.has_film:
            found.append(-1)
            continue
        if index > end:
            scene += 1
        end = max(end, last_seen[index])
        found.append(scene)
    return found


def runs(shots: Sequence[Shot], keys: Sequence[int]) -> list[Run]:
    """Shots gathered by key; short black and titles go to the run before them."""
    filled = list(keys)
    for index, shot in enumerate(shots):
        if not shot.has_film and _silent_s(shots, index) < SILENT_S:
            before = filled[index - 1] if index else None
            after = next((k for k in filled[index + 1 :] if k != -1), None)
            near = before if before is not None else after
            filled[index] = -1 if near is None else near
    found = []
    for key, group in groupby(range(len(shots)), key=lambda index: filled[index]):
        members = list(group)
        found.append(Run(members[0], members[-1] + 1, key))
    return found


def _silent_s(shots: Sequence[Shot], index: int) -> float:
    """Seconds of the stretch without film that a shot belongs to."""
    first = last = index
    while first and not shots[first - 1].has_film:
        first -= 1
    while last + 1 < len(shots) and not shots[last + 1].has_film:
        last += 1
    return shots[last].end_s - shots[first].start_s
