"""The roster: which agents there are, and what a team of them shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.agents.interfaces import (
    Aligner,
    Critic,
    MixPlanner,
    Scorer,
    Scribe,
    ScriptWriter,
    Specialist,
    Validator,
)
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.specialists import NAMES as SPECIALIST_NAMES
from foley_designer.core.note import Note, NoteKind
from foley_designer.prompts.store import PromptStore

if TYPE_CHECKING:
    from foley_designer.agents.reviser.understanding import Reviser
    from foley_designer.memory.knowledge_base import Knowledge

RULES = "rules"
AGENTS = (
    "aligner",
    "scribe",
    "validator",
    "script_writer",
    "scorer",
    "mix_planner",
    *SPECIALIST_NAMES,
    "critic",
    "reviser",
    "captioner",
    "judge",
)
"""Names of the agents: in prompts' ids, in ``Settings.agents`` and in notes."""


@dataclass(frozen=True)
class Team:
    """All agents of one run, and what they share."""

    scribe: Scribe
    validator: Validator
    writer: ScriptWriter
    scorer: Scorer
    planner: MixPlanner
    specialists: tuple[Specialist, ...]
    """In the order of `foley_designer.agents.specialists.SPECIALISTS`."""
    critic: Critic
    make_reviser: Callable[[], "Reviser"]
    """Makes `reviser` when a request is first heard; a design hears none."""
    knowledge: "Knowledge"
    prompts: PromptStore
    budget: Budget
    notebook: Notebook
    models: dict[str, str]
    """Agent to the model that it asks; empty if rules reason."""
    aligner: Aligner = field(default_factory=RulesAligner)
    """Spreads the text over the film's shots."""

    @cached_property
    def reviser(self) -> "Reviser":
        """Understands requests for a revision."""
        return self.make_reviser()

    def specialist(self, name: str) -> Specialist:
        """The specialist of a name."""
        return self.specialists[SPECIALIST_NAMES.index(name)]

    def parts(self) -> dict[str, str]:
        """Role to the part that fills it, for the session: ``reasoning``, and each agent's."""
        names = sorted(set(self.models.values()))
        own = {f"reasoning.{agent}": name for agent, name in self.models.items()}
        return {"reasoning": ", ".join(names) or RULES} | (own if len(names) > 1 else {})

    def provenance(self) -> dict[str, str]:
        """What shaped the answers: the knowledge's hash, and where a model reasons its prompts."""
        shaped = {"knowledge": self.knowledge.hash, **self.parts()}
        if self.models:
            shaped |= {f"prompt.{name}": text for name, text in self.prompts.provenance().items()}
        return shaped

    def drain_notes(self) -> tuple[Note, ...]:
        """Notes that agents left since the last call, such as a fallback that was taken."""
        return self.notebook.drain()

    def allowance(self) -> tuple[Note, ...]:
        """What the model may take; nothing if rules reason."""
        if not self.models:
            return ()
        limit, names = self.budget, ", ".join(sorted(set(self.models.values())))
        return (
            Note(
                kind=NoteKind.DECISION,
                step="model",
                text=f"{names} may take up to {limit.max_calls} calls, {limit.max_tokens:,} tokens "
                f"and {limit.max_seconds:,.0f} s.",
            ),
        )

    def tally(self) -> tuple[Note, ...]:
        """What the rules answered in the model's place, and what the model took of its budget."""
        spent, limit = self.budget.usage(), self.budget
        if not spent["calls"]:
            return ()
        tokens = spent["prompt_tokens"] + spent["completion_tokens"]
        took = Note(
            kind=NoteKind.DECISION,
            step="model",
            text=f"The model took {spent['calls']:.0f} of {limit.max_calls} calls, "
            f"{tokens:,.0f} of {limit.max_tokens:,} tokens and {spent['pictures']:.0f} pictures.",
        )
        return (*self.notebook.tally(), took)

    def usage(self) -> dict[str, float]:
        """Model calls, tokens and seconds spent, and what that costs where prices are known."""
        return self.budget.usage()
