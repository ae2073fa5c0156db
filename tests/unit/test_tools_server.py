"""The tool server and the client, over the real protocol."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
import uvicorn
from mcp import Client

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.tools.catalogue import TOOLS
from foley_designer.tools.client import LocalTools, RemoteTools
from foley_designer.tools.context import ToolContext
from foley_designer.tools.search_knowledge import TOOL as SEARCH
from foley_designer.tools.search_knowledge import SearchInput
from foley_designer.tools.see import TOOL as SEE
from foley_designer.tools.see import SeeInput
from foley_designer.tools.server import build_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tools")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A tool server on a loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = build_server((folder,), (folder,)).streamable_http_app()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(timeout=10)


def test_every_tool_is_listed_with_schemas_and_hints(folder: Path) -> None:
    async def listed() -> dict[str, object]:
        async with Client(build_server((folder,), (folder,))) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    tools = anyio.run(listed)
    assert set(tools) == set(TOOLS)
    for name, tool in tools.items():
        assert tool.output_schema, name
        assert tool.annotations.read_only_hint is TOOLS[name].read_only
        assert set(tool.input_schema["properties"]) == set(TOOLS[name].input.model_fields)


def test_an_answer_over_http_equals_the_one_in_process(url: str) -> None:
    request = SearchInput(query="boots on gravel", count=3)
    local = LocalTools(ToolContext((), ())).call(SEARCH, request)
    assert RemoteTools(url).call(SEARCH, request) == local
    assert len(local.found) == 3


def test_failures_keep_their_code_over_http(url: str, folder: Path) -> None:
    remote = RemoteTools(url)
    with pytest.raises(FoleyError) as caught:
        remote.call(SEE, SeeInput(clip=str(folder / "missing.mp4")))
    assert caught.value.code is ErrorCode.CLIP_NOT_FOUND
    with pytest.raises(FoleyError) as caught:
        remote.call(SEE, SeeInput(clip="/etc/passwd"))
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(FoleyError) as caught:
        RemoteTools(f"http://127.0.0.1:{port}/mcp").call(SEARCH, SearchInput(query="rain"))
    assert caught.value.code is ErrorCode.TOOL_FAILED
    assert "foley-designer tools --http" in str(caught.value)
