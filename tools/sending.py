"""Tools of a machine that shares no folder: files are sent before a call and fetched after it."""

import base64
import hashlib
import platform
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, replacing
from foley_designer.tools.client import ToolClient
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.get_file import TOOL as GET
from foley_designer.tools.get_file import GetFileInput
from foley_designer.tools.list_files import TOOL as LIST
from foley_designer.tools.list_files import ListFilesInput
from foley_designer.tools.paths import PathRole, with_paths
from foley_designer.tools.put_file import PIECE, PutFileInput
from foley_designer.tools.put_file import TOOL as PUT

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


class _Twin(NamedTuple):
    """A file or folder here and its name in the server's workspace."""

    role: PathRole
    local: Path
    remote: str


@dataclass
class SendingTools:
    """Keeps the files that calls name the same here and in the server's workspace.

    Args:
        tools: reaches the server.
        context: the folders whose files may be sent and written here.
    """

    tools: ToolClient
    context: ToolContext
    _same: dict[Path, tuple[int, int]] = field(default_factory=dict, repr=False)
    """Size and time of writing of each file here when both sides held the same bytes."""
    _fetched: dict[str, tuple[int, str]] = field(default_factory=dict, repr=False)
    """Size and stamp of each file there when it was fetched."""
    _travel: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def call(self, tool: Tool[I, O], request: I) -> O:
        """Send what the tool reads, call it, fetch what it wrote.

        Raises:
            FoleyError: as the tool does; ``path_not_allowed``, ``tool_failed``, ``disk_full``.
        """
        twins: list[_Twin] = []

        def out(role: PathRole, path: str) -> str:
            twins.append(self._twin(role, path))
            return twins[-1].remote

        sent = with_paths(request, out)
        with self._travel:
            for twin in twins:
                if twin.role is PathRole.READ and twin.local.is_file():
                    self._send(twin.local, twin.remote)
        answer = self.tools.call(tool, sent)
        with self._travel:
            for twin in twins:
                if twin.role is PathRole.WRITE:
                    self._fetch(twin.local, twin.remote)
                elif twin.role is PathRole.FILL:
                    self._fetch_folder(twin)
        return with_paths(answer, lambda _, path: _home(path, twins))

    def _twin(self, role: PathRole, path: str) -> _Twin:
        allowed = self.context.read if role is PathRole.READ else self.context.write
        local = allowed(path)
        if role is PathRole.FILL:
            return _Twin(role, local, _remote_folder(local))
        return _Twin(role, local, f"{_remote_folder(local.parent)}/{local.name}")

    def _send(self, local: Path, remote: str) -> None:
        """Send what the server lacks of a file."""
        state = _state(local)
        if self._same.get(local) == state:
            return
        size, digest = state[0], file_hash(local)
        ask = PutFileInput(path=remote, sha256=digest, size=size)
        received = self.tools.call(PUT, ask).received
        with local.open("rb") as file:
            while received < size:
                file.seek(received)
                data = base64.b64encode(file.read(PIECE)).decode()
                piece = ask.model_copy(update={"offset": received, "data": data})
                before, received = received, self.tools.call(PUT, piece).received
                if received <= before:
                    raise _disturbed(local.name)
        self._same[local] = state

    def _fetch_folder(self, twin: _Twin) -> None:
        for file in self.tools.call(LIST, ListFilesInput(folder=twin.remote)).files:
            remote = f"{twin.remote}/{file.name}"
            if self._fetched.get(remote) != (file.size, file.stamp):
                self._fetch(self.context.write(str(twin.local / file.name)), remote)
                self._fetched[remote] = (file.size, file.stamp)

    def _fetch(self, local: Path, remote: str) -> None:
        """Fetch a file unless the one here has the same bytes."""
        first = self.tools.call(GET, GetFileInput(path=remote))
        if not (local.is_file() and file_hash(local) == first.sha256):
            digest = hashlib.sha256()
            with replacing(local) as temporary, temporary.open("wb") as file:
                piece = base64.b64decode(first.data)
                while piece:
                    file.write(piece)
                    digest.update(piece)
                    more = GetFileInput(path=remote, offset=file.tell())
                    rest = file.tell() < first.size
                    piece = base64.b64decode(self.tools.call(GET, more).data) if rest else b""
                if digest.hexdigest() != first.sha256:
                    raise _disturbed(local.name)
        self._same[local] = _state(local)


def _remote_folder(folder: Path) -> str:
    """Where a folder of this machine lies in a workspace: its own name under a telling-free one."""
    machine = f"{platform.node()} {uuid.getnode():x}"
    return f"{content_hash(machine, folder.as_posix())[:24]}/{folder.name or 'root'}"


def _home(path: str, twins: list[_Twin]) -> str:
    """The name here of a file that the server speaks of."""
    same = (twin for twin in twins if path == twin.remote or path.endswith(f"/{twin.remote}"))
    twin = next(same, None)
    return str(twin.local) if twin else path


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _disturbed(name: str) -> FoleyError:
    return FoleyError(
        ErrorCode.TOOL_FAILED,
        f"{name} changed while it travelled to or from the tool server.",
        "Run the same command again.",
    )
