"""Score(S, V, F) by rules: w1·s_align + w2·s_layer + w3·s_emotion."""

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import Flaw, Objection, Score
from foley_designer.agents.scorer.alignment import alignment
from foley_designer.agents.scorer.emotion import emotion
from foley_designer.agents.scorer.layers import layering
from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import passages
from foley_designer.core.documents import content_hash
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.script.structured_text import StructuredText

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge


class RulesScorer:
    """Scores candidates; the same script gets the same score.

    Args:
        knowledge: the cards with bands, levels and moods.
        weights: w1, w2, w3 of Algorithm 1; they are normalised to a sum of 1.
    """

    def __init__(self, knowledge: "Knowledge", weights: tuple[float, float, float]) -> None:
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError(f"weights {weights} must be positive")
        self.weights = tuple(weight / whole for weight in weights)
        self.knowledge = knowledge
        self._scored: dict[str, Score] = {}
        self._lock = Lock()

    def score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        """Structure first: a script that does not fit the clip scores 0 and asks no further.

        Scores are kept by content, so a parent that is expanded is not scored again.
        """
        key = content_hash(brief, text, script)
        with self._lock:  # branches of the search that make the same script wait for one score
            if key not in self._scored:
                self._scored[key] = self._score(brief, text, script)
            return self._scored[key]

    def read(self, brief: Brief, text: StructuredText, scripts: Sequence[FoleyScript]) -> None:
        """Nothing is gained by scoring several at once."""

    def _score(self, brief: Brief, text: StructuredText, script: FoleyScript) -> Score:
        broken = structural_flaws(brief, script)
        if broken:
            return Score(align=0, layer=0, emotion=0, total=0, objections=broken)
        called = calls(passages(brief), self.knowledge)
        parts = (
            alignment(script, brief.observation, called),
            layering(script, self.knowledge),
            emotion(script, text),
        )
        values = [min(1.0, max(0.0, part[0])) for part in parts]
        total = sum(w * v for w, v in zip(self.weights, values, strict=True))
        return Score(
            align=values[0],
            layer=values[1],
            emotion=values[2],
            total=min(1.0, total),
            objections=tuple(objection for part in parts for objection in part[1]),
        )


def structural_flaws(brief: Brief, script: FoleyScript) -> tuple[Objection, ...]:
    """What makes a script unusable: another clip, tracks that were not seen."""
    flaws = []
    if script.clip.sha256 != brief.observation.clip.sha256:
        flaws.append(Objection(flaw=Flaw.INCOHERENT, text="The script is for another clip."))
    for event in script.events:
        source = event.source
        if source.kind is SourceKind.TRACK and brief.observation.track(source.track_id) is None:
            text = f"{event.id} follows track {source.track_id}, which was not seen."
            flaws.append(Objection(flaw=Flaw.INCOHERENT, text=text, event_id=event.id))
    return tuple(flaws)
