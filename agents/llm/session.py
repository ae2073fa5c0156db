"""The seeing conversation: what a model is shown of one clip, and what it has settled."""

from collections.abc import Iterable
from threading import Lock

from foley_designer.agents.llm.senses.eyes import Eyes
from foley_designer.agents.llm.views import Picture, keyframes
from foley_designer.core.script.brief import Brief


class Seeing:
    """What scribe, validator, writer and scorer share of one clip.

    Args:
        eyes: draw sheets of the clip; None shows the keyframes that there are.
    """

    def __init__(self, eyes: Eyes | None = None) -> None:
        self.eyes = eyes
        self._silent: list[tuple[float, float]] = []
        self._settled: dict[str, str] = {}
        self._lock = Lock()

    def sheets(self, brief: Brief, start_s: float, end_s: float) -> tuple[Picture, ...]:
        """The frames of a stretch."""
        if self.eyes is None:
            return keyframes(brief.observation)
        return self.eyes.sheets(brief, start_s, end_s)

    def overview(self, brief: Brief) -> tuple[Picture, ...]:
        """The frames of the whole clip."""
        return self.sheets(brief, 0.0, brief.observation.clip.duration_s)

    def silence(self, stretches: Iterable[tuple[float, float]]) -> None:
        """Keep stretches in which nothing sounds, by the model's word."""
        with self._lock:
            self._silent += [(a, b) for a, b in stretches if b > a]

    def is_silent(self, time_s: float) -> bool:
        """Whether the model said that nothing sounds at a time."""
        with self._lock:
            return any(start <= time_s <= end for start, end in self._silent)

    def settle(self, question: str, answer: str) -> None:
        """Keep an answer: the question is not asked again."""
        with self._lock:
            self._settled[question] = answer

    def is_settled(self, question: str) -> bool:
        """Whether a question was answered."""
        with self._lock:
            return question in self._settled
