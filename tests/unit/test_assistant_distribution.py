"""What registries and hosts are told of the assistant server is what it is."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import anyio
from mcp import Client

from foley_designer import __version__
from foley_designer.assistant.server import build_server

ROOT = Path(__file__).resolve().parents[2]
SERVER = json.loads((ROOT / "server.json").read_text())
MANIFEST = json.loads((ROOT / "packaging" / "mcpb" / "manifest.json").read_text())


def test_versions_agree() -> None:
    bundle = tomllib.loads((ROOT / "packaging" / "mcpb" / "pyproject.toml").read_text())
    assert SERVER["version"] == MANIFEST["version"] == __version__
    assert [package["version"] for package in SERVER["packages"]] == [__version__]
    assert bundle["project"]["version"] == __version__
    assert bundle["project"]["dependencies"] == [f"foley-designer=={__version__}"]


def test_the_registry_entry_keeps_to_its_limits_and_to_the_command() -> None:
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER["name"])
    assert len(SERVER["description"]) <= 100
    arguments = SERVER["packages"][0]["packageArguments"]
    assert arguments[0]["value"] == "mcp"
    golden = (ROOT / "tests" / "golden" / "cli" / "mcp.txt").read_text()
    assert all(one["name"] in golden for one in arguments[1:])
    assert f"<!-- mcp-name: {SERVER['name']} -->" in (ROOT / "README.md").read_text()


def test_manifest_and_page_name_every_tool(tmp_path: Path) -> None:
    async def names() -> set[str]:
        server: Any = build_server((tmp_path,), tmp_path / "out")
        async with Client(server) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    tools = anyio.run(names)
    assert {tool["name"] for tool in MANIFEST["tools"]} == tools
    page = (ROOT / "docs" / "assistants.md").read_text()
    assert all(f"`{name}`" in page for name in tools)


def test_the_bundle_starts_the_command() -> None:
    arguments = MANIFEST["server"]["mcp_config"]["args"]
    wishes = set(re.findall(r"\$\{user_config\.(\w+)\}", " ".join(arguments)))
    assert wishes == set(MANIFEST["user_config"])
    entry = MANIFEST["server"]["entry_point"]
    assert (ROOT / "packaging" / "mcpb" / entry).is_file()
    assert arguments.index(f"${{__dirname}}/{entry}") + 1 == arguments.index("mcp")
