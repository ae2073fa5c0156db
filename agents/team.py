"""The team: the one place that chooses, agent by agent, rules or a language model."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foley_designer.agents.critic.rules import RulesCritic
from foley_designer.agents.dynamics.rules import RulesDynamics
from foley_designer.agents.eq.rules import RulesEq
from foley_designer.agents.interfaces import (
    Critic,
    MixPlanner,
    Scorer,
    Scribe,
    ScriptWriter,
    Specialist,
    Validator,
)
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.model_budget import Budget
from foley_designer.agents.model_notes import Notebook
from foley_designer.agents.reverb.rules import RulesReverb
from foley_designer.core.config import Settings
from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge


@dataclass(frozen=True)
class Team:
    """All agents of one run, and what they share."""

    scribe: Scribe
    validator: Validator
    writer: ScriptWriter
    scorer: Scorer
    planner: MixPlanner
    reverb: Specialist
    eq: Specialist
    dynamics: Specialist
    critic: Critic
    knowledge: "Knowledge"
    budget: Budget
    notebook: Notebook = field(default_factory=Notebook)

    @property
    def specialists(self) -> tuple[Specialist, ...]:
        """Reverberation, equalisation, dynamics: the order of `Operation`."""
        return (self.reverb, self.eq, self.dynamics)

    def parts(self) -> dict[str, str]:
        """Role to the part that fills it, for the session."""
        return {"reasoning": "rules"}

    def provenance(self) -> dict[str, str]:
        """What shaped the answers: the knowledge's hash, prompts, model names."""
        return {"knowledge": self.knowledge.hash}

    def drain_notes(self) -> tuple[Note, ...]:
        """Notes that agents left since the last call, such as a fallback that was taken."""
        return self.notebook.drain()

    def usage(self) -> dict[str, float]:
        """Model calls, tokens and seconds spent."""
        return self.budget.usage()


def assemble(settings: Settings, knowledge: "Knowledge") -> Team:
    """The team that the settings ask for."""
    from foley_designer.agents.scorer.rules import RulesScorer  # noqa: PLC0415
    from foley_designer.agents.scribe.rules import RulesScribe  # noqa: PLC0415
    from foley_designer.agents.script_writer.rules import RulesScriptWriter  # noqa: PLC0415
    from foley_designer.agents.validator.rules import RulesValidator  # noqa: PLC0415

    return Team(
        scribe=RulesScribe(knowledge),
        validator=RulesValidator(knowledge),
        writer=RulesScriptWriter(knowledge),
        scorer=RulesScorer(knowledge, settings.weights),
        planner=RulesMixPlanner(
            knowledge, settings.target, settings.surround, settings.lfe_gain_db
        ),
        reverb=RulesReverb(),
        eq=RulesEq(knowledge),
        dynamics=RulesDynamics(),
        critic=RulesCritic(),
        knowledge=knowledge,
        budget=Budget(settings.max_model_calls, settings.max_tokens, settings.max_seconds),
    )
