"""Pruning for Algorithm 1; the loop itself is the graph's."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from foley_designer.agents.interfaces import Score
from foley_designer.core.script.foley_script import FoleyScript


class Ranked(Protocol):
    """What can be pruned."""

    @property
    def script_hash(self) -> str:
        """Content hash of the script."""

    @property
    def total(self) -> float:
        """The weighted score."""


R = TypeVar("R", bound=Ranked)


class Candidate(NamedTuple):
    """A script with its score."""

    script: FoleyScript
    score: Score

    @property
    def script_hash(self) -> str:
        """Content hash of the script."""
        return self.script.hash

    @property
    def total(self) -> float:
        """The weighted score."""
        return self.score.total


def prune(candidates: Iterable[R], beam: int) -> tuple[R, ...]:
    """The ``beam`` best candidates, best first; equal scripts count once, ties keep their order."""
    unique: dict[str, R] = {}
    for candidate in candidates:
        unique.setdefault(candidate.script_hash, candidate)
    ranked = sorted(unique.values(), key=lambda candidate: -candidate.total)
    return tuple(ranked[:beam])
