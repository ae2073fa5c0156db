"""The aligner by a model that sees: it says of each shot which text tells it.

Its answers are evidence: the same alignment as by rules takes them, so order, moved texts and film
that nothing tells have the same prices, and one slip does not tear a scene apart.
"""

from collections.abc import Sequence

from pydantic import Field

from foley_designer.agents.aligner.evidence import Answer
from foley_designer.agents.aligner.rules import Answers, RulesAligner
from foley_designer.agents.aligner.texts import told_of
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.llm.senses.eyes import Eyes
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.screenplay import Screenplay, ScriptScene

PROMPT = "aligner/align"
MOST_SHOTS = 48
"""Shots of one question: as many cells as two sheets of a wide picture hold."""
LONGEST_TEXT = 600
"""Characters of each text that are shown."""


class ShotReply(Reply):
    """Which text tells a shot."""

    shot: int
    """Its number, as on the sheet."""
    text: int | None = None
    """Number of the text; null if none tells it."""
    sure: float = Field(default=0.8, ge=0, le=1)
    """How surely, 0 to 1."""


class AlignReply(Reply):
    """Each shot of the sheets with its text."""

    shots: list[ShotReply] = Field(max_length=2 * MOST_SHOTS)


class ModelAligner(ModelAgent):
    """Shows the model the middle of every shot, and aligns by what it says.

    Args:
        rules: align; if the model can't answer, by what they measure.
        client: asks the endpoint.
        notebook: where fallbacks are noted.
        eyes: draw the shots.
    """

    STEP = "aligner"
    ASKED = "looks at shots"

    def __init__(
        self, rules: RulesAligner, client: ModelClient, notebook: Notebook, eyes: Eyes
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.eyes = eyes

    def align(
        self, observation: Observation, screenplay: Screenplay | None, description: str | None
    ) -> SceneMap | None:
        """The film's scenes with their words; None if all is one scene."""
        told = told_of(observation, screenplay, description)
        answers: dict[int, Answer] = {}
        if told is not None:
            film = [shot for shot in observation.shots if shot.has_film]
            for first in range(0, len(film), MOST_SHOTS):
                some = film[first : first + MOST_SHOTS]
                answers |= self._asked(observation, some, told.texts)
            missing = len(film) - len(answers)
            if answers and missing:
                self.notebook.write(
                    NoteKind.DECISION,
                    self.STEP,
                    f"The model said nothing of {missing} of {len(film)} shots: they are "
                    "aligned by what was measured.",
                )
        return self.rules.align(observation, screenplay, description, answers)

    def _asked(
        self, observation: Observation, shots: Sequence[Shot], texts: Sequence[ScriptScene]
    ) -> dict[int, Answer]:
        values = {
            "texts": [
                {"text": number, "words": views.screenplay_text(text)[:LONGEST_TEXT]}
                for number, text in enumerate(texts, start=1)
            ],
            "shots": f"{shots[0].index + 1} to {shots[-1].index + 1}",
        }
        known = {shot.index + 1 for shot in shots}

        def convert(reply: AlignReply) -> dict[int, Answer]:
            for one in reply.shots:
                if one.text is not None and not 1 <= one.text <= len(texts):
                    raise refuse(Problem.UNKNOWN_WORD, f"text {one.text}. Known: 1 to {len(texts)}")
            return {
                one.shot - 1: Answer(-1 if one.text is None else one.text - 1, one.sure)
                for one in reply.shots
                if one.shot in known
            }

        pictures = self.eyes.shots(observation, shots)
        nothing: Answers = {}
        return dict(
            self.try_model(
                lambda: self.client.ask(PROMPT, AlignReply, values, convert, pictures),
                lambda: nothing,
            )
        )
