"""The team: the one place that chooses, agent by agent, rules or a language model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foley_designer.agents.critic.rules import RulesCritic
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.roster import Team
from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.agents.scribe.rules import RulesScribe
from foley_designer.agents.script_writer.rules import RulesScriptWriter
from foley_designer.agents.specialists import by_rules
from foley_designer.agents.validator.rules import RulesValidator
from foley_designer.core.settings import CONFIG_HOME, Settings
from foley_designer.prompts import store

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

    from foley_designer.agents.reviser.understanding import Reviser
    from foley_designer.memory.knowledge_base import Knowledge


def assemble(
    settings: Settings,
    knowledge: "Knowledge",
    pictures: Sequence[Path] = (),
    hearing: Settings | None = None,
    tools: Callable[[], Sequence["StructuredTool"]] = tuple,
    clip: Path | None = None,
) -> Team:
    """The team that the settings ask for.

    Args:
        settings: ``llm_model`` decides between rules and a model.
        knowledge: cards that all agents stand on.
        pictures: folders of the session's keyframes and mel pictures, for models that see.
        hearing: settings of the reviser, where a session is revised with another model than it
            was designed with; None takes ``settings``.
        tools: makes the tools that models may call by themselves.
        clip: the video, of which a model that sees is shown sheets.

    Raises:
        FoleyError: ``prompt_invalid`` if a prompt override can't be used, ``config_invalid``
            if a model has neither endpoint nor key.
    """
    team = Team(
        scribe=RulesScribe(knowledge),
        validator=RulesValidator(knowledge),
        writer=RulesScriptWriter(knowledge),
        scorer=RulesScorer(knowledge, settings.weights),
        planner=RulesMixPlanner(
            knowledge, settings.target, settings.surround, settings.lfe_gain_db
        ),
        specialists=by_rules(knowledge),
        critic=RulesCritic(),
        make_reviser=lambda: _reviser(knowledge),
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
        team = with_model(team, settings, pictures, tools, clip)
    return with_reviser(team, hearing) if hearing.uses_model else team


def _reviser(knowledge: "Knowledge") -> "Reviser":
    """The reviser by rules, whose grammar only a revision loads."""
    from foley_designer.agents.reviser.rules import RulesReviser  # noqa: PLC0415

    return RulesReviser(knowledge)
