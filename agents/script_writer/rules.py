"""FoleyScriptWriter by rules: the root script, and children by refinement or regeneration."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import FUNDAMENTAL, Proposal, Score
from foley_designer.agents.scribe.unsaid.unnamed import ADVICE, BLIND, FOREIGN, UNKNOWN
from foley_designer.agents.script_writer.context import Context
from foley_designer.agents.script_writer.operators import REFINE, REGENERATE, Operator
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_STEP = "write"


class RulesScriptWriter:
    """Writes scripts by rules; the same candidate has the same children.

    Args:
        knowledge: the cards that operators draw from.
    """

    def __init__(self, knowledge: "Knowledge") -> None:
        self.knowledge = knowledge

    def root(self, brief: Brief, text: StructuredText) -> FoleyScript:
        """T's events as a script; what stayed open in T becomes notes."""
        return FoleyScript(
            clip=brief.observation.clip,
            summary=text.summary,
            space=text.space,
            tone=text.tone,
            events=text.events,
            notes=tuple(
                Note(
                    kind=NoteKind.ADVICE
                    if point in (ADVICE, BLIND, UNKNOWN, FOREIGN)
                    else NoteKind.OPEN_POINT,
                    step=_STEP,
                    text=point,
                )
                for point in text.open_points
            ),
        )

    def expand(
        self, brief: Brief, text: StructuredText, script: FoleyScript, score: Score, k: int
    ) -> tuple[Proposal, ...]:
        """At most k distinct children that differ from their parent.

        Fundamental flaws are answered first, by regeneration. Then come all refinements at once,
        and after them each refinement alone, so that the search can tell which one pays.
        """
        context = Context(brief, text, script, score, self.knowledge)
        seen = {script.hash}
        children: list[Proposal] = []
        for proposal in _proposals(context):
            content = proposal.script.hash
            if content not in seen and len(children) < k:
                seen.add(content)
                children.append(proposal)
        return tuple(children)


def _proposals(context: Context) -> Iterator[Proposal]:
    """Children in the order of their promise."""
    if any(objection.flaw in FUNDAMENTAL for objection in context.score.objections):
        yield from _each(context, "regenerate", REGENERATE)
    together = _together(context)
    if together is not None:
        yield together
    yield from _each(context, "refine", REFINE)


def _each(context: Context, kind: str, operators: dict[str, Operator]) -> Iterator[Proposal]:
    for name, operator in operators.items():
        change = operator(context)
        if change is not None:
            script = context.with_events(change.events).script
            yield Proposal(script=script, operator=f"{kind}:{name}", reason=change.reason)


def _together(context: Context) -> Proposal | None:
    """All refinements, each on what the ones before it made."""
    names, reasons = [], []
    for name, operator in REFINE.items():
        change = operator(context)
        if change is not None:
            context = context.with_events(change.events)
            names.append(name)
            reasons.append(change.reason)
    if not names:
        return None
    operator_name = f"refine:{'+'.join(names)}"
    return Proposal(script=context.script, operator=operator_name, reason=" ".join(reasons))
