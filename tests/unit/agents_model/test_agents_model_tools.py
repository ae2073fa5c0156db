"""Agents that call the read-only tools by themselves, at an endpoint that speaks the protocol."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from chat_endpoint import Answer, right

from foley_designer.agents.llm.tools import LONGEST_RESULT, MOST_CALLS, MOST_LOOKS, OFFERED
from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.choices import AgentSettings
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge
from foley_designer.tools.client import LocalTools
from foley_designer.tools.context import ToolContext
from foley_designer.tools.langchain import langchain_tools


@pytest.fixture
def team(endpoint: Any, knowledge: Knowledge, tmp_path: Path) -> Callable[..., Team]:
    """A team whose tools run here; the clip is none, so that looking at it fails."""
    clip = tmp_path / "secret.mp4"
    clip.write_bytes(b"nothing")
    client = LocalTools(ToolContext(readable=(tmp_path,), writable=()))

    def made(manner: str, **settings: Any) -> Team:
        endpoint.behave(manner)
        given = Settings(**(endpoint.settings | {"llm_tools": True} | settings))
        tools = langchain_tools(client, given={"clip": str(clip), "folder": None})
        return assemble(given, knowledge, tools=lambda: tools)

    return made


def results(request: dict[str, Any]) -> Sequence[str]:
    return [m["content"] for m in request["messages"] if m["role"] == "tool"]


def test_a_model_looks_and_then_answers(
    endpoint: Any, team: Callable[..., Team], brief: Brief
) -> None:
    asked = team("looking")
    text = asked.scribe.propose(brief, None, ())
    assert text.events[0].label == "boots on the path"
    first, second = endpoint.requests
    assert {tool["function"]["name"] for tool in first["tools"]} == set(OFFERED) - {
        "look",
        "listen",
    }
    found, unknown, wrong = results(second)
    assert found.startswith('<data name="search_knowledge">')
    assert '"footsteps-' in found
    assert len(found) < LONGEST_RESULT + 100
    assert "No such tool" in unknown
    assert "Not JSON" in wrong
    (note,) = asked.drain_notes()
    assert note.kind is NoteKind.DECISION
    assert note.step == "scribe"
    assert "search_knowledge" in note.text
    assert asked.usage()["calls"] == 2


def test_no_path_is_offered_or_told(
    endpoint: Any, team: Callable[..., Team], brief: Brief, tmp_path: Path
) -> None:
    """Tool failures name files; where they lie on this machine is none of a model's."""
    team("always_looking").scribe.propose(brief, None, ())
    (shots,) = [t for t in endpoint.requests[0]["tools"] if t["function"]["name"] == "shots"]
    assert "clip" not in shots["function"]["parameters"]["properties"]
    assert "clip_unreadable" in results(endpoint.requests[1])[0]
    (tmp_path / "secret.mp4").unlink()
    team("always_looking").scribe.propose(brief, None, ())
    assert "the clip" in results(endpoint.requests[-1])[0]
    assert str(tmp_path) not in json.dumps(endpoint.requests)


def test_looking_ends(endpoint: Any, team: Callable[..., Team], brief: Brief) -> None:
    asked = team("always_looking")
    text = asked.scribe.propose(brief, None, ())
    assert text.events[0].label == "boots on the path"
    assert len(endpoint.requests) == MOST_LOOKS + 1
    assert not endpoint.requests[-1].get("tools")
    served = results(endpoint.requests[1])
    assert len(served) == 9
    assert sum("Too many calls" in result for result in served) == 9 - MOST_CALLS


def test_looks_count_against_the_budget(
    endpoint: Any, team: Callable[..., Team], brief: Brief
) -> None:
    asked = team("always_looking", max_model_calls=2)
    asked.scribe.propose(brief, None, ())
    assert len(endpoint.requests) == 2
    notes = asked.drain_notes()
    assert any("budget of 2 calls" in note.text for note in notes)


def test_an_endpoint_without_tools_is_asked_without_them(
    endpoint: Any, team: Callable[..., Team], brief: Brief
) -> None:
    asked = team("toolless")
    for words in (None, "Boots on a path."):
        told = brief.model_copy(update={"description": words})
        text = asked.scribe.propose(told, None, ())
        assert text.events[0].label == "boots on the path"
    assert [bool(request.get("tools")) for request in endpoint.requests] == [True, False, False]
    (note,) = asked.drain_notes()
    assert note.kind is NoteKind.FALLBACK
    assert "takes no tools (HTTP 400)" in note.text


def test_tools_are_given_agent_by_agent(
    endpoint: Any, team: Callable[..., Team], brief: Brief
) -> None:
    own = {"validator": AgentSettings(tools=True)}
    asked = team("looking", llm_tools=False, agents=own)
    text = asked.scribe.propose(brief, None, ())
    assert not endpoint.requests[0].get("tools")
    asked.validator.review(brief, text)
    with_tools = [request for request in endpoint.requests if request.get("tools")]
    assert with_tools
    assert "ReviewReply" in json.dumps(with_tools[0]["messages"])


def test_an_answer_instead_of_a_call_is_told_what_is_wrong_with_it(
    endpoint: Any, team: Callable[..., Team], brief: Brief
) -> None:
    asked = team("well")
    endpoint.answers["ScribeReply"] = json.loads(
        json.dumps(endpoint.answers["ScribeReply"]).replace("footsteps-gravel", "zither")
    )
    endpoint.answer = lambda request: Answer(right(request))
    asked.scribe.propose(brief, None, ())
    first, second = endpoint.requests
    assert first.get("tools")
    assert "unknown_card: 'zither'" in second["messages"][-1]["content"]
    assert len(endpoint.requests) == 2
