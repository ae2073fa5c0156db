"""FilmScribe's generator by a language model, with the rules for what it can't answer."""

from typing import TYPE_CHECKING

from pydantic import Field

from foley_designer.agents.interfaces import Objection, Scribe
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.events import (
    Changes,
    Ground,
    ToneReply,
    apply_changes,
)
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Problem, refuse
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.space import ACOUSTICS, Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

PROMPT = "scribe/propose"


class ScribeReply(Changes):
    """T as a model fills it in."""

    summary: str
    """What happens, in two or three sentences."""
    shots: list[str] = Field(default=[], max_length=200)
    """One sentence a shot, in order."""
    space: Space
    tone: ToneReply


class ModelScribe(ModelAgent):
    """Proposes T by a model; in later rounds only what was objected to may change."""

    STEP = "scribe"

    def __init__(
        self, rules: Scribe, knowledge: "Knowledge", client: ModelClient, notebook: Notebook
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.knowledge = knowledge

    def propose(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """T(k+1), timed by moments of visible impact."""
        opened = frozenset(o.event_id for o in feedback if o.event_id)

        def convert(reply: ScribeReply) -> StructuredText:
            events = apply_changes(
                previous.events if previous else (),
                reply,
                Ground(brief.observation, self.knowledge),
                opened,
            )
            if not events:
                raise refuse(Problem.NOTHING, "the clip needs at least one sound event.")
            return StructuredText(
                summary=reply.summary[:2000],
                shots=tuple(shot[:500] for shot in reply.shots),
                space=reply.space,
                outdoors=ACOUSTICS[reply.space].outdoors,
                tone=reply.tone.tone(),
                events=events,
            )

        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                ScribeReply,
                self._values(brief, previous, feedback),
                convert,
                views.keyframes(brief.observation),
            ),
            lambda: self.rules.propose(brief, previous, feedback),
        )

    def _values(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> dict[str, object]:
        """What the prompt is given."""
        return {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            "sounds": views.sounds(self.knowledge),
            "practice": views.practice(brief, self.knowledge),
            "previous": views.text_view(previous) if previous else {},
            "objections": views.objection_views(feedback),
        }
