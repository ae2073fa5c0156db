"""FoleyScriptWriter's expansion by a language model (Algorithm 1, line 5)."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from foley_designer.agents.interfaces import FUNDAMENTAL, Flaw, Proposal, Score, ScriptWriter
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.events import Changes, ToneReply, apply_changes
from foley_designer.agents.llm.ground import Ground
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Problem, Reply, ReplyError, refuse, shape_error
from foley_designer.agents.llm.session import Seeing
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

PROMPT = "script_writer/expand"


class Operator(StrEnum):
    """The two operators of section 3.1."""

    REFINE = "refine"
    REGENERATE = "regenerate"


class ChildReply(Changes):
    """One child: what it changes of its parent, or of T where it is written anew."""

    operator: Operator
    flaw: Flaw
    """The flaw that it answers."""
    tone: ToneReply | None = None
    """A new tone, where the parent's is wrong."""
    reason: str


class ExpandReply(Reply):
    """The children of one node, or none of a script that stands as it is."""

    stands: bool = False
    """Whether the script stands as it is; ``because`` says why."""
    because: str = ""
    children: list[ChildReply] = Field(default=[], max_length=8)


class ModelScriptWriter(ModelAgent):
    """Children as changes to their parent; the root is written by rules from T.

    Args:
        rules: answer if the model can't.
        knowledge: the cards.
        client: asks the endpoint.
        notebook: where fallbacks and changes are noted.
        seeing: what the model is shown.
    """

    STEP = "script_writer"
    ASKED = "expansions"

    def __init__(
        self,
        rules: ScriptWriter,
        knowledge: "Knowledge",
        client: ModelClient,
        notebook: Notebook,
        seeing: Seeing,
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.knowledge = knowledge
        self.seeing = seeing

    def root(self, brief: Brief, text: StructuredText) -> FoleyScript:
        """The script of n_0: T taken over as it is."""
        return self.rules.root(brief, text)

    def expand(
        self, brief: Brief, text: StructuredText, script: FoleyScript, score: Score, k: int
    ) -> tuple[Proposal, ...]:
        """At most k children, none that equals its parent or another one.

        Regeneration starts from T again, under what was objected to as constraints: a sibling of
        the script. None is an answer: the script stands as it is.
        """
        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            "sounds": views.sounds(self.knowledge),
            "practice": views.practice(brief, self.knowledge),
            "script": views.script_view(script),
            "written_from": [] if text.events == script.events else views.text_view(text)["events"],
            "objections": views.objection_views(score.objections),
            "children": k,
        }
        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                ExpandReply,
                values,
                self._reader(brief, text, script, k),
                self.seeing.overview(brief),
            ),
            lambda: self.rules.expand(brief, text, script, score, k),
        )

    def _reader(
        self, brief: Brief, text: StructuredText, script: FoleyScript, k: int
    ) -> Callable[[ExpandReply], tuple[Proposal, ...]]:
        """What turns a reply into proposals; a child that fails costs itself alone."""
        grounds = [Ground(brief.observation, self.knowledge) for _ in range(k)]

        def convert(reply: ExpandReply) -> tuple[Proposal, ...]:
            if reply.stands and not reply.children:
                said = f"The script stands as it is: {reply.because[:200] or 'no reason given'}"
                self.notebook.write(NoteKind.DECISION, self.STEP, f"{said.rstrip('.')}.")
                return ()
            found: dict[str, Proposal] = {}
            failed: list[ReplyError] = []
            for child, ground in zip(reply.children, grounds, strict=False):
                try:
                    proposal = _child(child, text, script, ground)
                except (ReplyError, ValidationError) as error:
                    failed.append(error if isinstance(error, ReplyError) else shape_error(error))
                    continue
                if proposal is not None:
                    found.setdefault(proposal.script.hash, proposal)
                    ground.write(self.notebook, self.STEP)
            if not found and failed:
                raise failed[0]
            if not found:
                raise refuse(Problem.NOTHING, "change the script, or say that it stands.")
            if failed:
                why = failed[0].complaints[0].problem
                what = f"{len(failed)} of {len(reply.children[:k])} children could not be used"
                self.notebook.write(NoteKind.DECISION, self.STEP, f"{what} ({why}).")
            return tuple(found.values())

        return convert


def _child(
    child: ChildReply, text: StructuredText, script: FoleyScript, ground: Ground
) -> Proposal | None:
    """One child; None if it is the script again.

    Raises:
        ReplyError: it can't be made.
        ValidationError: what it makes is not valid.
    """
    ground.begin()
    anew = child.flaw in FUNDAMENTAL or child.operator is Operator.REGENERATE
    events = apply_changes(text.events if anew else script.events, child, ground)
    if not events:
        raise refuse(Problem.NOTHING, "a child must keep at least one event.")
    tone = child.tone.tone() if child.tone else script.tone
    changed = FoleyScript.model_validate(
        script.model_copy(update={"events": events, "tone": tone}).model_dump()
    )
    if changed.hash == script.hash:
        return None
    operator = Operator.REGENERATE if anew else Operator.REFINE
    return Proposal(
        script=changed,
        operator=f"{operator.value}:{child.flaw.value}",
        reason=child.reason[:300] or "no reason given",
        sibling=anew,
    )
