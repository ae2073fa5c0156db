"""What runs are started with: the graphs' input schemas, as a server shows them."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic reads no other before 3.12


class DesignInput(TypedDict):
    """What a design is started with."""

    session: str
    """Folder of the session."""
    clip: str
    """Path of the clip."""
    script_path: NotRequired[str | None]
    """Path of the screenplay."""
    description: NotRequired[str | None]
    """What happens, in a sentence or two."""
    spotting_path: NotRequired[str | None]
    """Path of verdicts on moments."""
    scenes_path: NotRequired[str | None]
    """Path of the film's scenes."""
    approve: NotRequired[list[str]]
    """Where to stop and ask: ``script``, ``mix``."""


class ReviseInput(TypedDict):
    """What a revision is started with: a request in words, as operations, or a command."""

    session: str
    """Folder of a finished session."""
    asked: NotRequired[str]
    """The request, in a person's words."""
    asked_operations: NotRequired[list[dict[str, Any]]]
    """The request as `Operation`."""
    command: NotRequired[Literal["undo", "redo", "restore"]]
    """The request, where it is none about the script."""
    wanted: NotRequired[str]
    """The revision to restore."""
    base: NotRequired[str]
    """The revision that the request is about."""
    focus: NotRequired[list[str]]
    """Events of the request before."""
    pending: NotRequired[str]
    """A request that was asked back, and that this one may answer."""
    approved: NotRequired[bool]
    """Whether to go on without asking."""
    looks_only: NotRequired[bool]
    """Whether nothing may be done, undone or remembered."""
