"""The tool server and the client, over the real protocol."""

import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from fractions import Fraction
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from toolserver import free_port, serving

from benchmarks.yardstick.clip import render
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.tools import arrays
from foley_designer.tools.catalogue import FILE_TOOLS, TOOLS
from foley_designer.tools.client import LocalTools, RemoteTools
from foley_designer.tools.context import ToolContext
from foley_designer.tools.depth import TOOL as DEPTH
from foley_designer.tools.depth import DepthInput
from foley_designer.tools.looking import ArraysInput, ClipInput
from foley_designer.tools.search_knowledge import TOOL as SEARCH
from foley_designer.tools.search_knowledge import SearchInput
from foley_designer.tools.server import build_server
from foley_designer.tools.shots import TOOL as SHOTS
from foley_designer.tools.track import TOOL as TRACK


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tools")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with serving((folder,), (folder,)) as served:
        yield served.url


@pytest.fixture(scope="module")
def listed(folder: Path) -> dict[str, Any]:
    async def tools() -> dict[str, Any]:
        async with Client(build_server((folder,), (folder,))) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    return anyio.run(tools)


def test_every_tool_is_listed_with_schemas_and_hints(listed: dict[str, Any]) -> None:
    catalogue = TOOLS | FILE_TOOLS
    assert set(listed) == set(catalogue)
    for name, tool in listed.items():
        assert tool.title
        assert tool.description
        assert tool.annotations.read_only_hint is catalogue[name].read_only
        assert set(tool.input_schema["properties"]) == set(catalogue[name].input.model_fields)


@pytest.mark.parametrize("name", sorted(TOOLS | FILE_TOOLS))
def test_schemas_are_valid_and_self_contained(listed: dict[str, Any], name: str) -> None:
    for schema in (listed[name].input_schema, listed[name].output_schema):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        for reference in references(schema):
            assert reference.startswith("#/$defs/")
            assert reference.removeprefix("#/$defs/") in schema["$defs"]


def test_the_documentation_lists_every_tool() -> None:
    page = (Path(__file__).parents[2] / "docs" / "tools.md").read_text()
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): bool(row[3].strip()) for row in rows}
    assert told == {name: not tool.read_only for name, tool in (TOOLS | FILE_TOOLS).items()}


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def test_a_server_that_may_write_nothing_takes_no_files(folder: Path) -> None:
    async def names() -> set[str]:
        async with Client(build_server((folder,), ())) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert anyio.run(names) == set(TOOLS)


def test_an_answer_over_http_equals_the_one_in_process(url: str) -> None:
    request = SearchInput(query="boots on gravel", count=3)
    local = LocalTools(ToolContext((), ())).call(SEARCH, request)
    assert RemoteTools(url).call(SEARCH, request) == local
    assert len(local.found) == 3


def test_progress_is_told_over_http_where_it_was_asked(url: str, folder: Path) -> None:
    clip = folder / "ball.mp4"
    render("ball", clip, rate=Fraction(25), width=320, height=180, seconds=2.0)
    asker: ContextVar[str] = ContextVar("asker", default="nobody")
    told: list[tuple[str, float, str, str]] = []

    def progress(step: str, fraction: float, message: str = "") -> None:
        told.append((step, fraction, message, asker.get()))

    asker.set("me")
    RemoteTools(url, progress).call(SHOTS, ClipInput(clip=str(clip)))
    assert {(step, message, who) for step, _, message, who in told} == {("see", clip.name, "me")}
    fractions = [fraction for _, fraction, _, _ in told]
    assert len(fractions) > 1
    assert fractions == sorted(fractions)


def test_failures_keep_code_and_hint_over_http(url: str, folder: Path) -> None:
    local = LocalTools(ToolContext((folder,), (folder,)))
    for clip in (str(folder / "missing.mp4"), "/etc/passwd"):
        request = ClipInput(clip=clip)
        with pytest.raises(FoleyError) as here:
            local.call(SHOTS, request)
        with pytest.raises(FoleyError) as there:
            RemoteTools(url).call(SHOTS, request)
        assert str(there.value).split("Allowed")[0] == str(here.value).split("Allowed")[0]
        assert there.value.code is here.value.code
        assert bool(there.value.hint) is bool(here.value.hint)


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("shots", {}, ErrorCode.OPTION_INVALID),
        ("shots", {"clip": 5}, ErrorCode.OPTION_INVALID),
        ("shots", {"clip": "a.mp4", "rate": []}, ErrorCode.OPTION_INVALID),
        ("shots", {"clip": "a.mp4", "rate": "1e999999999"}, ErrorCode.OPTION_INVALID),
        ("shots", {"clip": "a\0b.mp4"}, ErrorCode.PATH_NOT_ALLOWED),
        ("shots", {"clip": "../../etc/passwd"}, ErrorCode.PATH_NOT_ALLOWED),
        ("shots", {"clip": "x" * 5000}, ErrorCode.SYSTEM_REFUSED),
        ("search_knowledge", {"query": "x" * 501}, ErrorCode.OPTION_INVALID),
        ("get_file", {"path": "/dev/zero"}, ErrorCode.PATH_NOT_ALLOWED),
        ("list_files", {"folder": "~/"}, None),
        ("dance", {}, ErrorCode.OPTION_INVALID),
        ("[internal]", {}, ErrorCode.OPTION_INVALID),
    ],
)
def test_every_refusal_has_a_code_and_a_next_step(
    folder: Path, tool: str, arguments: dict[str, Any], code: ErrorCode | None
) -> None:
    async def ask() -> Any:
        async with Client(build_server((folder,), (folder,))) as client:
            return await client.call_tool(tool, arguments)

    answer = anyio.run(ask)
    assert answer.is_error is (code is not None)
    if code:
        _, step, last = answer.content[0].text.rsplit("\n", 2)
        assert last == f"[{code}]"
        assert step


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(FoleyError) as caught:
        RemoteTools(f"http://127.0.0.1:{free_port()}/mcp").call(SEARCH, SearchInput(query="rain"))
    assert caught.value.code is ErrorCode.TOOL_FAILED
    assert "foley-designer tools --http" in str(caught.value)


def test_shots_tracks_and_distances_are_one_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import foley_designer.vision.observe as seeing

    clip = folder / "hammer.mp4"
    render("hammer", clip, rate=Fraction(25), width=320, height=180, seconds=1.0)
    tools = LocalTools(ToolContext((folder,), (folder,)))
    looks: list[Path] = []
    observe = seeing.observe

    def counted(path: Path, **options: Any) -> Any:
        looks.append(path)
        return observe(path, **options)

    monkeypatch.setattr(seeing, "observe", counted)
    monkeypatch.setenv("FOLEY_DATA_DIR", str(folder))  # no models of bodies
    asked = {"clip": str(clip), "keyframes_dir": str(folder / "keyframes")}
    shots = tools.call(SHOTS, ClipInput(**asked))
    place = folder / "arrays"
    tracks = tools.call(TRACK, ArraysInput(**asked, arrays=str(place)))
    seen = arrays.read(Observation, place / (tracks.seen or ""))
    assert seen == observe(clip, keyframes_dir=folder / "keyframes"), "to the last bit"
    assert (shots.clip, shots.shots, shots.notes) == (seen.clip, seen.shots, seen.notes)
    assert tracks.moments == seen.moments
    assert [one.id for one in tracks.tracks] == [one.id for one in seen.tracks]
    assert tracks.seen == f"{seen.hash}.npz"
    depths = tools.call(DEPTH, DepthInput(clip=str(clip), depth_model="none"))
    assert depths.model == seen.parts["depth"]
    assert [one.nearest_m for one in depths.tracks] == [
        min(at.distance_m for at in track.sightings) for track in seen.tracks
    ]
    assert depths.tracks
    assert depths.seen is None
    assert len(looks) == 1


def test_a_file_that_holds_no_observation_is_named(folder: Path) -> None:
    (folder / "other.npz").write_bytes(b"PK nothing")
    with pytest.raises(FoleyError) as caught:
        arrays.read(Observation, folder / "other.npz")
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    assert "other.npz" in str(caught.value)


def test_a_file_under_anothers_name_is_refused_and_written_anew(folder: Path) -> None:
    steps = tuple(float(one) for one in range(20))
    one, other = (
        Cues(
            trajectories=(
                Trajectory(
                    event_id=name,
                    rate="25",
                    azimuth_deg=steps,
                    distance_m=(1.5,) * 20,
                    active=(True,) * 20,
                ),
            )
        )
        for name in ("e1", "e2")
    )
    path = folder / arrays.write(one, folder)
    assert arrays.read(Cues, path) == one
    shutil.copy(folder / arrays.write(other, folder), path)
    with pytest.raises(FoleyError, match="something else"):
        arrays.read(Cues, path)
    assert arrays.read(Cues, folder / arrays.write(one, folder)) == one


@pytest.mark.slow
def test_cards_are_read_again_only_when_they_change(tmp_path: Path) -> None:
    tools = LocalTools(ToolContext((tmp_path,), ()))
    embedded = Path(__file__).parents[2] / "memory" / "knowledge" / "footsteps-gravel.md"
    text = embedded.read_text()
    (tmp_path / "own-steps.md").write_text(text)
    request = SearchInput(query="boots on gravel", folder=str(tmp_path))
    first = tools.context.shelf.knowledge(tmp_path)
    assert "own-steps" in {found.card.id for found in tools.call(SEARCH, request).found}
    assert tools.context.shelf.knowledge(tmp_path) is first
    (tmp_path / "own-steps.md").write_text(text + "\nMore.\n")
    tools.call(SEARCH, request)
    assert tools.context.shelf.knowledge(tmp_path) is not first
