"""The team: the one place that chooses, agent by agent, rules or a language model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
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
    Spotter,
    Validator,
)
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.reverb.rules import RulesReverb
from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.understanding import Reviser
from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.agents.scribe.rules import RulesScribe
from foley_designer.agents.script_writer.rules import RulesScriptWriter
from foley_designer.agents.validator.rules import RulesValidator
from foley_designer.core.note import Note
from foley_designer.core.settings import CONFIG_HOME, Settings
from foley_designer.prompts import store
from foley_designer.prompts.store import PromptStore

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

    from foley_designer.memory.knowledge_base import Knowledge
    from foley_designer.vision.models.localizer import Localizer

RULES = "rules"
AGENTS = (
    "scribe",
    "validator",
    "script_writer",
    "scorer",
    "mix_planner",
    "reverb",
    "eq",
    "dynamics",
    "critic",
    "reviser",
    "spotter",
    "localizer",
    "captioner",
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
    reverb: Specialist
    eq: Specialist
    dynamics: Specialist
    critic: Critic
    reviser: Reviser
    knowledge: "Knowledge"
    prompts: PromptStore
    budget: Budget
    notebook: Notebook
    models: dict[str, str]
    """Agent to the model that it asks; empty where rules reason."""
    spotter: Spotter | None = None
    """Looks at moments where a model sees; None where no one does."""
    localizer: "Localizer | None" = None
    """Finds named things where a model sees."""

    @property
    def specialists(self) -> tuple[Specialist, ...]:
        """Reverberation, equalisation, dynamics: the order of `Operation`."""
        return (self.reverb, self.eq, self.dynamics)

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

    def usage(self) -> dict[str, float]:
        """Model calls, tokens and seconds spent, and what that costs where prices are known."""
        return self.budget.usage()


def assemble(
    settings: Settings,
    knowledge: "Knowledge",
    pictures: Sequence[Path] = (),
    hearing: Settings | None = None,
    tools: Callable[[], Sequence["StructuredTool"]] = tuple,
) -> Team:
    """The team that the settings ask for.

    Args:
        settings: ``llm_model`` decides between rules and a model.
        knowledge: cards that all agents stand on.
        pictures: folders of the session's keyframes and mel pictures, for models that see.
        hearing: settings of the reviser, where a session is revised with another model than it
            was designed with; None takes ``settings``.
        tools: makes the tools that models may call by themselves.

    Raises:
        FoleyError: ``prompt_invalid`` where a prompt override can't be used, ``config_invalid``
            where a model has neither endpoint nor key.
    """
    team = Team(
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
        reviser=RulesReviser(knowledge),
        knowledge=knowledge,
        prompts=store.load(CONFIG_HOME / "prompts", settings.prompts_dir),
        budget=Budget(
            settings.max_model_calls,
            settings.max_tokens,
            settings.max_seconds,
            settings.llm_prices,
        ),
        notebook=Notebook(),
        models={},
    )
    hearing = hearing or settings
    if not (settings.uses_model or hearing.uses_model):
        return team
    from foley_designer.agents.llm.team import (  # noqa: PLC0415 - rules need none
        with_model,
        with_reviser,
    )

    if settings.uses_model:
        team = with_model(team, settings, pictures, tools)
    return with_reviser(team, hearing) if hearing.uses_model else team
