"""Sonic Richness and Cinematic Clarity (paper, section 5) by a model that hears.

The paper publishes neither prompt nor rubric; these are ours, in ``prompts/judge``. One sound a
question, in random order, none with its system's name; each is asked several times, and how far
the answers differ is told.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import Field

from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.views import Sound
from foley_designer.core.progress import Progress, silent

STEP = "judge"
PROMPTS = {"srs": "judge/richness", "ccs": "judge/clarity"}
"""Prompts by the score's key."""


class RatingReply(Reply):
    """What was heard, why, and the score."""

    heard: str = Field(max_length=600)
    """What sounds, or silence or noise."""
    reason: str = Field(max_length=600)
    """Why the score."""
    score: float = Field(ge=0, le=10)
    """By the anchors, 0 to 10."""


class Heard(NamedTuple):
    """One sound to be judged."""

    key: tuple[str, str]
    """Row and clip; the model is not told."""
    scene: str
    """What happens, in words."""
    file: Path
    """WAV file."""


class Judged(NamedTuple):
    """All scores."""

    scores: dict[tuple[str, str], dict[str, float]]
    """By row and clip, the mean of the repeats of each score."""
    disagreement: dict[str, float]
    """Mean absolute difference between two askings of one sound, points; 0 for a single asking."""


class ModelJudge:
    """Asks for ratings.

    Args:
        client: asks the endpoint, whose model must take ``input_audio``.
    """

    def __init__(self, client: ModelClient) -> None:
        self._client = client

    def rate(self, score: str, scene: str, wav: bytes) -> float:
        """One rating, 0 to 10.

        Args:
            score: ``srs`` or ``ccs``.
            scene: what happens in the clip.
            wav: the sound as a WAV file.

        Raises:
            FoleyError: ``model_failed`` or ``budget_spent``.
        """
        return self._client.ask(
            PROMPTS[score],
            RatingReply,
            {"scene": scene or "Not told."},
            lambda reply: reply.score,
            sounds=(Sound(wav),),
            remember=False,
            hold=False,
        )


def judge(
    judging: ModelJudge,
    sounds: Sequence[Heard],
    *,
    repeats: int = 2,
    seed: int = 0,
    progress: Progress = silent,
) -> Judged:
    """Rate all sounds by both scores, in random order.

    Args:
        judging: who rates.
        sounds: of all systems and clips.
        repeats: askings of each.
        seed: of the order.
        progress: told after each rating.

    Raises:
        FoleyError: ``model_failed`` or ``budget_spent``.
    """
    tasks = [(each, score) for each in sounds for score in PROMPTS for _ in range(repeats)]
    order = np.random.default_rng(seed).permutation(len(tasks))
    told: dict[tuple[tuple[str, str], str], list[float]] = {}
    for done, at in enumerate(order, 1):
        each, score = tasks[at]
        rating = judging.rate(score, each.scene, each.file.read_bytes())
        told.setdefault((each.key, score), []).append(rating)
        progress(STEP, done / len(tasks))
    scores: dict[tuple[str, str], dict[str, float]] = {}
    for (key, score), ratings in told.items():
        scores.setdefault(key, {})[score] = float(np.mean(ratings))
    disagreement = {
        score: _apart(ratings for (_, asked), ratings in told.items() if asked == score)
        for score in PROMPTS
    }
    return Judged(scores, disagreement)


def _apart(told: Iterable[list[float]]) -> float:
    """Mean absolute difference over all pairs of askings of the same sound."""
    gaps = [
        abs(first - second)
        for ratings in told
        for at, first in enumerate(ratings)
        for second in ratings[at + 1 :]
    ]
    return float(np.mean(gaps)) if gaps else 0.0
