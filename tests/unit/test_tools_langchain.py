"""The tools as LangChain's agents call them."""

import json
from pathlib import Path

import pytest

from foley_designer.tools.answer import LONGEST
from foley_designer.tools.catalogue import TOOLS
from foley_designer.tools.client import LocalTools
from foley_designer.tools.context import ToolContext
from foley_designer.tools.langchain import langchain_tools
from foley_designer.tools.search_knowledge import SearchOutput


@pytest.fixture(scope="module")
def client() -> LocalTools:
    return LocalTools(ToolContext(readable=(), writable=()))


def test_tools_that_write_are_handed_over_on_request(client: LocalTools, tmp_path: Path) -> None:
    assert {tool.name for tool in langchain_tools(client, writing=True)} == set(TOOLS)
    assert "generate" not in {tool.name for tool in langchain_tools(client)}


def test_where_a_tool_may_write_is_nothing_that_a_model_says(client: LocalTools) -> None:
    offered = {tool.name: tool for tool in langchain_tools(client)}
    assert {"shots", "track", "depth"} <= set(offered)
    assert not {"inspect", "cues", "strips"} & set(offered)
    for name in ("shots", "track", "depth"):
        assert not {"arrays", "keyframes_dir"} & set(offered[name].args)


def test_an_answer_is_json_with_the_whole_beside_it(client: LocalTools) -> None:
    (search,) = [tool for tool in langchain_tools(client) if tool.name == "search_knowledge"]
    call = {"type": "tool_call", "id": "1", "name": search.name}
    message = search.invoke(call | {"args": {"query": "boots on gravel", "count": 2}})
    assert isinstance(message.artifact, SearchOutput)
    assert json.loads(message.content) == message.artifact.model_dump(mode="json")
    long = search.invoke(call | {"args": {"query": "boots on gravel", "count": 20}})
    assert len(long.artifact.found) == 20
    assert LONGEST < len(long.content) < LONGEST + 60
    assert long.content.endswith("characters more")


def test_failures_are_told_to_the_model(client: LocalTools) -> None:
    shots = next(tool for tool in langchain_tools(client) if tool.name == "shots")
    call = {"type": "tool_call", "id": "1", "name": shots.name}
    refused = shots.invoke(call | {"args": {"clip": "/etc/passwd"}})
    assert refused.status == "error"
    assert "path_not_allowed" in refused.content
    wrong = shots.invoke(call | {"args": {"clip": "a", "field_of_view_deg": 400}})
    assert wrong.status == "error"
