"""Score(S, V, F) by a language model, on frames and screenplay: three parts, weighted."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

from pydantic import Field

from foley_designer.agents.interfaces import Score, Scorer
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.objections import ObjectionReplies, to_objections
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.llm.session import Seeing
from foley_designer.agents.scorer.rules import structural_flaws
from foley_designer.core.documents import content_hash
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText

PROMPT = "scorer/score"


class JudgedReply(ObjectionReplies):
    """A model's judgement of one script."""

    script: int = 1
    """Its number."""
    align: float = Field(ge=0, le=1)
    """Whether every sound belongs to what is seen and written, and none is missing."""
    layer: float = Field(ge=0, le=1)
    """Whether foreground and background are told apart as an editor would."""
    emotion: float = Field(ge=0, le=1)
    """Whether sounds and their playing carry the scene's tone."""


class ScoreReply(Reply):
    """A judgement for each script."""

    scripts: list[JudgedReply] = Field(min_length=1, max_length=12)


class ModelScorer(ModelAgent):
    """The model judges; what is counted only keeps out scripts that do not fit the clip.

    A word count can't tell a right script from a wrong one, so it has no part in the score. Each
    script is read once, siblings together.

    Args:
        rules: count, if the model can't answer.
        weights: w1 alignment, w2 layers, w3 emotion.
        client: asks the endpoint.
        notebook: where fallbacks are noted.
        seeing: what the model is shown.
    """

    STEP = "scorer"
    ASKED = "readings"

    def __init__(
        self,
        rules: Scorer,
        weights: tuple[float, float, float],
        client: ModelClient,
        notebook: Notebook,
        seeing: Seeing,
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.weights = weights
        self.seeing = seeing
        self._read: dict[str, Score] = {}
        self._lock = Lock()

    def score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        """The weighted score; a script that was read before keeps its score."""
        self.read(brief, text, (script,))
        with self._lock:
            return self._read[content_hash(brief, text, script)]

    def read(self, brief: Brief, text: StructuredText, scripts: Sequence[FoleyScript]) -> None:
        """Judge all that were not read before, in one question."""
        with self._lock:
            fresh = {
                key: script
                for script in scripts
                if (key := content_hash(brief, text, script)) not in self._read
            }
        known = {
            key: self.rules.score(brief, text, script)
            for key, script in fresh.items()
            if structural_flaws(brief, script)
        }
        open_ones = {key: script for key, script in fresh.items() if key not in known}
        if open_ones:
            judged = self.try_model(
                lambda: self._ask(brief, list(open_ones.values())),
                lambda: [self.rules.score(brief, text, one) for one in open_ones.values()],
            )
            known |= dict(zip(open_ones, judged, strict=True))
        with self._lock:
            for key, score in known.items():
                self._read.setdefault(key, score)

    def _ask(self, brief: Brief, scripts: list[FoleyScript]) -> list[Score]:
        def convert(reply: ScoreReply) -> list[Score]:
            told = {one.script: one for one in reversed(reply.scripts)}
            missing = [n for n in range(1, len(scripts) + 1) if n not in told]
            if missing:
                listed = ", ".join(str(number) for number in missing)
                raise refuse(Problem.NOTHING, f"scripts {listed} have no score.")
            return [self._scored(told[n], one) for n, one in enumerate(scripts, start=1)]

        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            **_views(scripts),
        }
        return self.client.ask(PROMPT, ScoreReply, values, convert, self.seeing.overview(brief))

    def _scored(self, told: JudgedReply, script: FoleyScript) -> Score:
        """w1·s_align + w2·s_layer + w3·s_emotion, the weights normalised."""
        parts = zip(self.weights, (told.align, told.layer, told.emotion), strict=True)
        return Score(
            align=told.align,
            layer=told.layer,
            emotion=told.emotion,
            total=min(sum(weight * part for weight, part in parts) / sum(self.weights), 1.0),
            objections=to_objections(told, [event.id for event in script.events]),
        )


def _views(scripts: Sequence[FoleyScript]) -> dict[str, Any]:
    """The scripts as they are shown: what all of them have once, then each one's own."""
    common = [e for e in scripts[0].events if all(e in other.events for other in scripts)]
    shown = []
    for number, script in enumerate(scripts, start=1):
        own = [views.event_view(event) for event in script.events if event not in common]
        tone = script.tone.model_dump(mode="json")
        shown.append({"script": number, "tone": tone, "own": own})
    return {
        "common": {
            "summary": scripts[0].summary,
            "space": scripts[0].space.value,
            "events": [views.event_view(event) for event in common],
        },
        "scripts": shown,
    }
