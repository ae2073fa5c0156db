"""Score(S, V, F) with a language model's judgement beside what can be counted."""

from collections.abc import Callable
from threading import Lock

from pydantic import Field

from foley_designer.agents.interfaces import Score, Scorer
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.objections import ObjectionReplies, to_objections
from foley_designer.core.documents import content_hash
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText

PROMPT = "scorer/score"
WORTH_READING = 0.5
"""Counted score below which a script is not read by the model."""


class ScoreReply(ObjectionReplies):
    """A model's judgement of one script."""

    align: float = Field(ge=0, le=1)
    """Whether every sound belongs to what is seen and written, and none is missing."""
    layer: float = Field(ge=0, le=1)
    """Whether foreground and background are told apart as an editor would."""
    emotion: float = Field(ge=0, le=1)
    """Whether sounds and their playing carry the scene's tone."""


class ModelScorer(ModelAgent):
    """The mean of what is counted and what is judged; each script is read once.

    Args:
        rules: counts; what it finds low is not worth a call.
        weights: w1 alignment, w2 layers, w3 emotion.
        client: asks the endpoint.
        notebook: where fallbacks are told.
    """

    STEP = "scorer"

    def __init__(
        self,
        rules: Scorer,
        weights: tuple[float, float, float],
        client: ModelClient,
        notebook: Notebook,
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.weights = weights
        self._read: dict[str, Score] = {}
        self._lock = Lock()

    def score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        """The weighted score; a script that was read before keeps its score."""
        key = content_hash(brief, text, script)
        with self._lock:
            if key in self._read:
                return self._read[key]
        counted = self.rules.score(brief, text, script)
        if counted.total < WORTH_READING:
            return counted
        score = self.try_model(self._asking(brief, script, counted), lambda: counted)
        with self._lock:
            return self._read.setdefault(key, score)

    def _asking(self, brief: Brief, script: FoleyScript, counted: Score) -> Callable[[], Score]:
        """The question about one script."""
        ids = [event.id for event in script.events]

        def convert(reply: ScoreReply) -> Score:
            align = (counted.align + reply.align) / 2
            layer = (counted.layer + reply.layer) / 2
            emotion = (counted.emotion + reply.emotion) / 2
            parts = zip(self.weights, (align, layer, emotion), strict=True)
            judged = to_objections(reply, ids)
            return Score(
                align=align,
                layer=layer,
                emotion=emotion,
                total=min(sum(weight * part for weight, part in parts) / sum(self.weights), 1.0),
                objections=tuple(dict.fromkeys([*counted.objections, *judged])),
            )

        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            "script": views.script_view(script),
        }
        images = views.keyframes(brief.observation)
        return lambda: self.client.ask(PROMPT, ScoreReply, values, convert, images)
