"""The team's agents by a language model, each around its rules twin."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from foley_designer.agents.aligner.model import AlignReply, ModelAligner
from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.agents.captioner.model import CaptionReply
from foley_designer.agents.critic.model import CritiqueReply, ModelCritic
from foley_designer.agents.judge.model import PROMPTS, RatingReply
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.senses.ears import Ears, listen_tool
from foley_designer.agents.llm.senses.eyes import Eyes, look_tool
from foley_designer.agents.llm.session import Seeing
from foley_designer.agents.llm.tools import MIXING, ToolBox
from foley_designer.agents.mix_planner.model import ModelMixPlanner, PlanReply
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.agents.reviser.model import ModelReviser, RevisionReply
from foley_designer.agents.roster import AGENTS, Team
from foley_designer.agents.scorer.model import ModelScorer, ScoreReply
from foley_designer.agents.scribe.model import ModelScribe, ScribeReply
from foley_designer.agents.script_writer.model import ExpandReply, ModelScriptWriter
from foley_designer.agents.specialists import SPECIALISTS
from foley_designer.agents.validator.model import ModelValidator, ReviewReply
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings
from foley_designer.prompts.store import PromptStore

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

REPLIES: dict[str, type[Reply]] = {
    "aligner/align": AlignReply,
    "scribe/propose": ScribeReply,
    "validator/review": ReviewReply,
    "script_writer/expand": ExpandReply,
    "scorer/score": ScoreReply,
    "mix_planner/plan": PlanReply,
    **{entry.model().PROMPT: entry.model().REPLY for entry in SPECIALISTS},
    "critic/review": CritiqueReply,
    "reviser/revise": RevisionReply,
    "captioner/caption": CaptionReply,
    **dict.fromkeys(PROMPTS.values(), RatingReply),
}
"""What each prompt is answered with."""


def with_model(
    team: Team,
    settings: Settings,
    pictures: Sequence[Path],
    tools: Callable[[], Sequence["StructuredTool"]],
    clip: Path | None = None,
) -> Team:
    """The team with every agent asking the model first; the reviser by `with_reviser`.

    Raises:
        FoleyError: ``prompt_invalid`` or ``config_invalid``.
    """
    check_outputs(team.prompts)
    check_agents(settings)
    book, knowledge = team.notebook, team.knowledge
    sees = settings.llm_vision and clip is not None
    eyes = Eyes(clip, settings.llm_picture_px) if sees and clip else None
    ears = Ears(pictures)
    looking = [look_tool(eyes)] if eyes else []
    listening = [listen_tool(ears)] if any(map(settings.tools_of, MIXING)) else []
    offered = any(map(settings.tools_of, AGENTS))
    box = ToolBox([*tools(), *looking, *listening], book) if offered else None
    client = ModelClient(settings, team.prompts, team.budget, pictures, box, book, ears)
    seeing = Seeing(eyes)
    silent = {"reviser", "captioner", "judge"} | (set() if eyes else {"aligner"})
    return replace(
        team,
        aligner=ModelAligner(RulesAligner(), client, book, eyes) if eyes else team.aligner,
        scribe=ModelScribe(team.scribe, knowledge, client, book, seeing),
        validator=ModelValidator(team.validator, client, book, seeing),
        writer=ModelScriptWriter(team.writer, knowledge, client, book, seeing),
        scorer=ModelScorer(team.scorer, settings.weights, client, book, seeing),
        planner=ModelMixPlanner(cast("RulesMixPlanner", team.planner), client, book),
        specialists=tuple(
            entry.model()(rules, client, book)
            for entry, rules in zip(SPECIALISTS, team.specialists, strict=True)
        ),
        critic=ModelCritic(team.critic, client, book),
        models={agent: settings.model_of(agent)[0] for agent in AGENTS if agent not in silent},
    )


def with_reviser(team: Team, settings: Settings) -> Team:
    """The team with a reviser that asks the model what the rules can't parse.

    Raises:
        FoleyError: ``prompt_invalid`` or ``config_invalid``.
    """
    check_outputs(team.prompts)
    check_agents(settings)
    client = ModelClient(settings, team.prompts, team.budget)
    return replace(team, make_reviser=lambda: ModelReviser(team.reviser, team.knowledge, client))


def check_outputs(prompts: PromptStore) -> None:
    """Hold every prompt's output against the model that its agent reads.

    Raises:
        FoleyError: ``prompt_invalid``.
    """
    for prompt_id, reply in REPLIES.items():
        output = prompts.get(prompt_id).output
        if output != reply.__name__:
            raise FoleyError(
                ErrorCode.PROMPT_INVALID,
                f"Prompt {prompt_id}: output is {output}, its agent reads {reply.__name__}.",
                f"Write output: {reply.__name__}.",
            )


def check_agents(settings: Settings) -> None:
    """Refuse settings for agents that don't exist.

    Raises:
        FoleyError: ``config_invalid``.
    """
    unknown = sorted(set(settings.agents) - set(AGENTS))
    if unknown:
        raise FoleyError(
            ErrorCode.CONFIG_INVALID,
            f"Settings name agents that don't exist: {', '.join(unknown)}.",
            f"Known: {', '.join(AGENTS)}.",
        )
