"""FilmScribe's validator by a language model, after the rules have agreed."""

from foley_designer.agents.interfaces import Flaw, Objection, Validator
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.objections import ObjectionReplies, to_objections
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText

PROMPT = "validator/review"
JUDGED = frozenset(
    {
        Flaw.SCRIPT_SOUND_MISSING,
        Flaw.AMBIGUOUS_DESCRIPTION,
        Flaw.WRONG_LAYER,
        Flaw.WRONG_EMOTION,
        Flaw.INCOHERENT,
    }
)
"""What a model may object to; times and tracks are counted, not judged."""


class ReviewReply(ObjectionReplies):
    """What a model objects to; empty if it agrees."""


class ModelValidator(ModelAgent):
    """Counts first, by rules; only a T that passes is read by the model."""

    STEP = "validator"

    def __init__(self, rules: Validator, client: ModelClient, notebook: Notebook) -> None:
        super().__init__(client, notebook)
        self.rules = rules

    def review(self, brief: Brief, text: StructuredText) -> tuple[Objection, ...]:
        """The rules' objections, else the model's."""
        counted = self.rules.review(brief, text)
        if counted:
            return counted
        ids = [event.id for event in text.events]
        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                ReviewReply,
                {
                    "screenplay": views.screenplay_text(brief.scene),
                    "description": brief.description or "",
                    "seen": views.seen(brief.observation),
                    "text": views.text_view(text),
                },
                lambda reply: to_objections(reply, ids, JUDGED),
                views.keyframes(brief.observation),
            ),
            lambda: counted,
        )
