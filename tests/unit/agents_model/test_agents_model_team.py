"""A team of agents by models: what they share, and what settings give them."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from foley_designer.agents.roster import AGENTS
from foley_designer.agents.team import assemble
from foley_designer.core.choices import AgentSettings
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge


def test_the_call_budget_holds_among_threads(
    endpoint: Any, knowledge: Knowledge, brief: Brief
) -> None:
    team = endpoint.team(knowledge, max_model_calls=3)
    with ThreadPoolExecutor(8) as pool:
        briefs = [brief.model_copy(update={"description": f"Take {n}."}) for n in range(12)]
        texts = list(pool.map(lambda one: team.scribe.propose(one, None, ()), briefs))
    assert len(endpoint.requests) == 3
    assert sum(text.events[0].label == "boots on the path" for text in texts) == 3
    assert len(team.drain_notes()) == 1


def test_usage_survives_in_plain_counters(
    endpoint: Any, knowledge: Knowledge, brief: Brief
) -> None:
    team = endpoint.team(knowledge)
    team.scribe.propose(brief, None, ())
    usage = json.loads(json.dumps(team.usage()))
    later = endpoint.team(knowledge, max_model_calls=1)
    assert not later.budget.spent
    later.budget.restore(usage)
    assert later.usage() == usage
    assert later.budget.spent


@pytest.mark.parametrize("sees", [True, False])
def test_keyframes_are_attached_where_the_model_sees(
    endpoint: Any, knowledge: Knowledge, brief: Brief, tmp_path: Path, sees: bool
) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "k0.png")
    settings = Settings(**endpoint.settings, llm_vision=sees)
    assemble(settings, knowledge, (tmp_path,)).scribe.propose(brief, None, ())
    content = endpoint.requests[0]["messages"][1]["content"]
    if sees:
        assert [part["type"] for part in content] == ["text", "text", "image_url"]
        assert content[2]["image_url"]["url"].startswith("data:image/png;base64,")
    else:
        assert isinstance(content, str)


def test_each_agent_may_have_its_own_model(
    endpoint: Any, knowledge: Knowledge, brief: Brief, ruled_text: StructuredText
) -> None:
    team = endpoint.team(knowledge, agents={"scribe": AgentSettings(model="big", temperature=1.5)})
    team.scribe.propose(brief, None, ())
    team.validator.review(brief, ruled_text)
    asked = [(request["model"], request["temperature"]) for request in endpoint.requests]
    assert asked == [("big", 1.5), ("tiny", 0.2)]
    assert team.parts()["reasoning"] == "big, tiny"
    assert team.parts()["reasoning.scribe"] == "big"


def test_provenance_names_every_prompt(endpoint: Any, knowledge: Knowledge) -> None:
    provenance = endpoint.team(knowledge).provenance()
    prompts = {name for name in provenance if name.startswith("prompt.")}
    assert {name.removeprefix("prompt.").split("/")[0] for name in prompts} == set(AGENTS)
    assert provenance["prompt.scribe/propose"].startswith("scribe/propose@2#")
    assert provenance["knowledge"] == knowledge.hash


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"OPENAI_BASE_URL": None, "OPENAI_API_KEY": None}, "neither an endpoint nor a key"),
        ({"agents": {"poet": AgentSettings()}}, "poet"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(
    endpoint: Any, knowledge: Knowledge, settings: dict[str, Any], word: str
) -> None:
    with pytest.raises(FoleyError, match=word) as caught:
        endpoint.team(knowledge, **settings)
    assert caught.value.code is ErrorCode.CONFIG_INVALID


def test_rules_alone_need_no_endpoint_and_leave_no_notes(
    knowledge: Knowledge, brief: Brief
) -> None:
    team = assemble(Settings(llm_model=None), knowledge)
    team.scribe.propose(brief, None, ())
    assert team.parts() == {"reasoning": "rules"}
    assert team.drain_notes() == ()
    assert not any(team.usage().values())
