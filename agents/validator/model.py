"""FilmScribe's validator by a language model: it sees the film, and what the rules would ask."""

from collections.abc import Sequence

from pydantic import Field

from foley_designer.agents.interfaces import Flaw, Objection, Validator
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.objections import ObjectionReplies, to_objections
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.llm.session import Seeing
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText

PROMPT = "validator/review"
JUDGED = frozenset(
    {
        Flaw.MISSED_MOMENT,
        Flaw.EMPTY_STRETCH,
        Flaw.SCRIPT_SOUND_MISSING,
        Flaw.AMBIGUOUS_DESCRIPTION,
        Flaw.WRONG_LAYER,
        Flaw.WRONG_EMOTION,
        Flaw.INCOHERENT,
    }
)
"""What a model may object to."""
COUNTED = frozenset({Flaw.UNKNOWN_TRACK})
"""What needs no eyes: the rules' word stands."""


class AnswerReply(Reply):
    """An answer to one of the rules' questions."""

    question: int
    """Its number."""
    event: str | None = None
    """Id of the event that it is; null if none is needed."""
    because: str = ""
    """What the picture or the words say, in a few words."""


class ReviewReply(ObjectionReplies):
    """What a model objects to, empty if it agrees; and its answers to what is asked."""

    answers: list[AnswerReply] = Field(default=[], max_length=60)


class ModelValidator(ModelAgent):
    """The model judges by the frames; rules ask it, and what it answers is settled.

    Args:
        rules: what they object to is asked.
        client: asks the endpoint.
        notebook: where fallbacks and answers are noted.
        seeing: what the model is shown and has settled.
    """

    STEP = "validator"
    ASKED = "reviews"

    def __init__(
        self, rules: Validator, client: ModelClient, notebook: Notebook, seeing: Seeing
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.seeing = seeing

    def review(self, brief: Brief, text: StructuredText) -> tuple[Objection, ...]:
        """The model's objections, and those of the rules that need no eyes."""
        ruled = self.rules.review(brief, text)
        counted = tuple(one for one in ruled if one.flaw in COUNTED)
        asked = tuple(
            one for one in ruled if one.flaw not in COUNTED and not self._is_settled(one, brief)
        )
        judged = self.try_model(lambda: self._ask(brief, text, asked), lambda: asked)
        return (*counted, *judged)

    def _is_settled(self, objection: Objection, brief: Brief) -> bool:
        """Whether the model has answered it, or said that nothing sounds there."""
        if self.seeing.is_settled(objection.text):
            return True
        missed = [m for m in brief.observation.moments if m.id in objection.moment_ids]
        return bool(missed) and all(
            self.seeing.is_silent(brief.starts_s + one.time_s) for one in missed
        )

    def _ask(
        self, brief: Brief, text: StructuredText, asked: Sequence[Objection]
    ) -> tuple[Objection, ...]:
        ids = [event.id for event in text.events]

        def convert(reply: ReviewReply) -> tuple[Objection, ...]:
            judged = to_objections(reply, ids, JUDGED)
            for answer in reply.answers:
                if answer.event is not None and answer.event not in ids:
                    known = ", ".join(ids)
                    told = f"{answer.event[:60]!r}. Known: {known}, or null."
                    raise refuse(Problem.UNKNOWN_EVENT, told)
            for answer in reply.answers:
                if 1 <= answer.question <= len(asked):
                    self._settle(asked[answer.question - 1], answer)
            return judged

        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            "text": views.text_view(text),
            "questions": [
                {"question": number, "asks": one.text} for number, one in enumerate(asked, start=1)
            ],
        }
        return self.client.ask(PROMPT, ReviewReply, values, convert, self.seeing.overview(brief))

    def _settle(self, objection: Objection, answer: AnswerReply) -> None:
        """Keep an answer, and tell it."""
        what = f"it is {answer.event}" if answer.event else "nothing is needed"
        because = f": {answer.because[:200]}" if answer.because else ""
        self.seeing.settle(objection.text, what)
        self.notebook.write(
            NoteKind.DECISION,
            self.STEP,
            f"The rules asked: “{objection.text}” The model answers that {what}{because}.",
        )
