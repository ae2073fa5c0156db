"""Pruning for Algorithm 1; the loop itself is the graph's."""

from collections.abc import Iterable
from typing import NamedTuple

from foley_designer.agents.interfaces import Score
from foley_designer.core.foley_script import FoleyScript


class Candidate(NamedTuple):
    """A script with its score."""

    script: FoleyScript
    score: Score


def prune(candidates: Iterable[Candidate], beam: int) -> tuple[Candidate, ...]:
    """The ``beam`` best candidates, best first; equal scripts count once, ties keep their order."""
    unique: dict[str, Candidate] = {}
    for candidate in candidates:
        unique.setdefault(candidate.script.hash, candidate)
    ranked = sorted(unique.values(), key=lambda candidate: -candidate.score.total)
    return tuple(ranked[:beam])
