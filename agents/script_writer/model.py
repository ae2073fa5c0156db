"""FoleyScriptWriter's expansion by a language model (Algorithm 1, line 5)."""

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from foley_designer.agents.interfaces import FUNDAMENTAL, Flaw, Proposal, Score, ScriptWriter
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.events import Changes, ToneReply, apply_changes
from foley_designer.agents.llm.ground import Ground
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Problem, Reply, refuse
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
    """One child: what it changes of its parent."""

    operator: Operator
    flaw: Flaw
    """The flaw that it answers."""
    tone: ToneReply | None = None
    """A new tone, where the parent's is wrong."""
    reason: str


class ExpandReply(Reply):
    """The children of one node."""

    children: list[ChildReply] = Field(max_length=8)


class ModelScriptWriter(ModelAgent):
    """Children as changes to their parent; the root is written by rules from T."""

    STEP = "script_writer"

    def __init__(
        self, rules: ScriptWriter, knowledge: "Knowledge", client: ModelClient, notebook: Notebook
    ) -> None:
        super().__init__(client, notebook)
        self.rules = rules
        self.knowledge = knowledge

    def root(self, brief: Brief, text: StructuredText) -> FoleyScript:
        """The script of n_0: T taken over as it is."""
        return self.rules.root(brief, text)

    def expand(
        self, brief: Brief, text: StructuredText, script: FoleyScript, score: Score, k: int
    ) -> tuple[Proposal, ...]:
        """At most k children; none that equals its parent or another one."""
        values = {
            "screenplay": views.screenplay_text(brief.scene),
            "description": brief.description or "",
            "seen": views.seen(brief.observation),
            "sounds": views.sounds(self.knowledge),
            "practice": views.practice(brief, self.knowledge),
            "script": views.script_view(script),
            "objections": views.objection_views(score.objections),
            "children": k,
        }
        return self.try_model(
            lambda: self.client.ask(
                PROMPT,
                ExpandReply,
                values,
                lambda reply: self._children(brief, script, reply, k),
                views.keyframes(brief.observation),
            ),
            lambda: self.rules.expand(brief, text, script, score, k),
        )

    def _children(
        self, brief: Brief, script: FoleyScript, reply: ExpandReply, k: int
    ) -> tuple[Proposal, ...]:
        """Proposals of the reply's children."""
        ground = Ground(brief.observation, self.knowledge)
        found: dict[str, Proposal] = {}
        for child in reply.children[:k]:
            events = apply_changes(script.events, child, ground)
            if not events:
                raise refuse(Problem.NOTHING, "a child must keep at least one event.")
            tone = child.tone.tone() if child.tone else script.tone
            changed = FoleyScript.model_validate(
                script.model_copy(update={"events": events, "tone": tone}).model_dump()
            )
            if changed.hash == script.hash:
                continue
            operator = Operator.REGENERATE if child.flaw in FUNDAMENTAL else child.operator
            found.setdefault(
                changed.hash,
                Proposal(
                    script=changed,
                    operator=f"{operator.value}:{child.flaw.value}",
                    reason=child.reason[:300],
                ),
            )
        if not found:
            raise refuse(Problem.NOTHING, "every child must change its parent.")
        return tuple(found.values())
