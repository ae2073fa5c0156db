"""Files that travel to a tool server and back: whole, resumed, confined."""

import base64
from pathlib import Path

import pytest

from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash
from foley_designer.tools.client import LocalTools
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.get_file import TOOL as GET
from foley_designer.tools.get_file import GetFileInput
from foley_designer.tools.list_files import TOOL as LIST
from foley_designer.tools.list_files import ListFilesInput
from foley_designer.tools.paths import FilledFolder, ReadFile, WrittenFile
from foley_designer.tools.put_file import PIECE, PutFileInput
from foley_designer.tools.put_file import TOOL as PUT
from foley_designer.tools.sending import SendingTools


class Pair(Part):
    source: ReadFile
    target: WrittenFile


class CopyInput(Part):
    pairs: tuple[Pair, ...]
    folder: FilledFolder


class CopyOutput(Part):
    written: tuple[Pair, ...]
    names: tuple[str, ...]


def copy(request: CopyInput, context: ToolContext) -> CopyOutput:
    folder = context.write(request.folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for pair in request.pairs:
        data = context.read(pair.source).read_bytes()
        context.write(pair.target).parent.mkdir(parents=True, exist_ok=True)
        context.write(pair.target).write_bytes(data)
        (folder / Path(pair.target).name).write_bytes(data)
        names.append(f"{folder.name}/{Path(pair.target).name}")
    written = tuple(
        Pair(source=pair.source, target=str(context.write(pair.target))) for pair in request.pairs
    )
    return CopyOutput(written=written, names=tuple(names))


COPY = Tool("copy", "Copy", "Copies.", CopyInput, CopyOutput, copy, read_only=False)


class Counting:
    """A server in this process that counts what it was asked."""

    def __init__(self, workspace: Path) -> None:
        self.tools = LocalTools(ToolContext((), (workspace,), workspace=workspace))
        self.calls: list[str] = []

    def call(self, tool: Tool, request: Part) -> Part:
        self.calls.append(tool.name)
        return self.tools.call(tool, request)


@pytest.fixture
def server(tmp_path: Path) -> Counting:
    (tmp_path / "there").mkdir()
    return Counting(tmp_path / "there")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def request(here: Path) -> CopyInput:
    pair = Pair(source=str(here / "a.bin"), target=str(here / "out" / "b.bin"))
    return CopyInput(pairs=(pair,), folder=str(here / "takes"))


@pytest.mark.parametrize("size", [0, 1, 2 * PIECE + 17])
@pytest.mark.slow
def test_files_arrive_whole_and_come_back(server: Counting, here: Path, size: int) -> None:
    (here / "a.bin").write_bytes(bytes(i % 251 for i in range(size)))
    client = SendingTools(server, ToolContext((), (here,)))
    answer = client.call(COPY, request(here))
    assert answer == CopyOutput(written=request(here).pairs, names=("takes/b.bin",))
    for copied in ("out/b.bin", "takes/b.bin"):
        assert file_hash(here / copied) == file_hash(here / "a.bin")
    assert not list(server.tools.context.workspace.rglob("*.part"))


def test_what_the_server_has_does_not_travel_again(server: Counting, here: Path) -> None:
    (here / "a.bin").write_bytes(b"one")
    client = SendingTools(server, ToolContext((), (here,)))
    client.call(COPY, request(here))
    first = server.calls.count("put_file")
    client.call(COPY, request(here))
    assert server.calls.count("put_file") == first
    SendingTools(server, client.context).call(COPY, request(here))
    assert server.calls.count("put_file") == first + 1, "a new client asks, and sends nothing"
    (here / "a.bin").write_bytes(b"another")
    client.call(COPY, request(here))
    assert (here / "takes" / "b.bin").read_bytes() == b"another"


def test_an_upload_goes_on_where_it_stopped(server: Counting, here: Path) -> None:
    data = b"0123456789"
    (here / "a.bin").write_bytes(data)
    told = {"path": "x/a.bin", "sha256": file_hash(here / "a.bin"), "size": len(data)}
    piece = base64.b64encode(data[:4]).decode()
    assert server.call(PUT, PutFileInput(**told, data=piece)).received == 4
    assert server.call(PUT, PutFileInput(**told)).received == 4
    wrong_place = PutFileInput(**told, offset=2, data=piece)
    assert server.call(PUT, wrong_place).received == 4
    rest = base64.b64encode(data[4:]).decode()
    assert server.call(PUT, PutFileInput(**told, offset=4, data=rest)).received == 10
    assert server.call(GET, GetFileInput(path="x/a.bin", offset=8)).data == "ODk="
    (listed,) = server.call(LIST, ListFilesInput(folder="x")).files
    assert (listed.name, listed.size) == ("a.bin", 10)


def test_a_damaged_upload_is_refused_and_forgotten(server: Counting) -> None:
    bad = PutFileInput(path="a.bin", sha256="0" * 64, size=3, data="YWJj")
    with pytest.raises(FoleyError) as caught:
        server.call(PUT, bad)
    assert caught.value.code is ErrorCode.TOOL_FAILED
    assert not list(server.tools.context.workspace.iterdir())
    with pytest.raises(FoleyError, match="base64"):
        server.call(PUT, PutFileInput(path="a.bin", sha256="0" * 64, size=3, data="%%%"))


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link/passwd"])
def test_nothing_outside_the_workspace_is_reached(server: Counting, path: str) -> None:
    (server.tools.context.workspace / "link").symlink_to("/etc")
    for tool, asked in (
        (GET, GetFileInput(path=path)),
        (LIST, ListFilesInput(folder=path)),
        (PUT, PutFileInput(path=path, sha256="0" * 64, size=1, data="YQ==")),
    ):
        with pytest.raises(FoleyError) as caught:
            server.call(tool, asked)
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_a_client_sends_only_what_it_may_read(server: Counting, here: Path) -> None:
    client = SendingTools(server, ToolContext((), (here,)))
    pair = Pair(source="/etc/hostname", target=str(here / "b"))
    with pytest.raises(FoleyError) as caught:
        client.call(COPY, CopyInput(pairs=(pair,), folder=str(here)))
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED
    assert not server.calls
