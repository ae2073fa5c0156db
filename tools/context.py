"""What a tool may touch, and how it is declared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import inside, within
from foley_designer.core.progress import Progress, silent
from foley_designer.tools.shelf import Shelf

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


@dataclass(frozen=True)
class ToolContext:
    """The folders that a tool may read and write, what it keeps, and whom it tells how far it is.

    Args:
        readable: folders whose files may be read.
        writable: folders whose files may be read and written.
        progress: is told how far a tool is.
        workspace: the writable folder that relative paths lie in and that clients send files to;
            None if tools share their clients' folders.
    """

    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    progress: Progress = silent
    workspace: Path | None = None
    shelf: Shelf = field(default_factory=Shelf)

    @cached_property
    def _resolved(self) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """The folders with links resolved, once: as they were when they were first asked for."""
        return tuple(map(Path.resolve, self.readable)), tuple(map(Path.resolve, self.writable))

    def read(self, path: str) -> Path:
        """A file that may be read; raises FoleyError ``path_not_allowed``."""
        readable, writable = self._resolved
        roots = (*self.readable, *self.writable)
        return within(self._placed(path), roots, (*readable, *writable))

    def write(self, path: str) -> Path:
        """A place that may be written; raises FoleyError ``path_not_allowed``."""
        if not self.writable:
            raise FoleyError(ErrorCode.PATH_NOT_ALLOWED, "No folder may be written here.")
        return within(self._placed(path), self.writable, self._resolved[1])

    def in_workspace(self, path: str) -> Path:
        """A place in the workspace; raises FoleyError ``path_not_allowed``."""
        if self.workspace is None:
            raise FoleyError(
                ErrorCode.PATH_NOT_ALLOWED,
                "This server takes no files.",
                "Start it with --write FOLDER.",
            )
        return inside(self.workspace / path, self.workspace)

    def _placed(self, path: str) -> Path:
        return self.workspace / path if self.workspace else Path(path)


@dataclass(frozen=True)
class Tool(Generic[I, O]):
    """One tool: a pure function of its input and the files that it names."""

    name: str
    title: str
    description: str
    input: type[I]
    output: type[O]
    run: Callable[[I, ToolContext], O]
    read_only: bool = True
    """Whether it leaves every file as it was."""
