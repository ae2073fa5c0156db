"""What a tool may touch, and how it is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import inside
from foley_designer.core.progress import Progress, silent

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


@dataclass(frozen=True)
class ToolContext:
    """The folders that a tool may read and write, and whom it tells how far it is."""

    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    progress: Progress = silent

    def read(self, path: str) -> Path:
        """A file that may be read; raises FoleyError ``path_not_allowed``."""
        return inside(Path(path), *self.readable, *self.writable)

    def write(self, path: str) -> Path:
        """A place that may be written; raises FoleyError ``path_not_allowed``."""
        if not self.writable:
            raise FoleyError(ErrorCode.PATH_NOT_ALLOWED, "No folder may be written here.")
        return inside(Path(path), *self.writable)


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
