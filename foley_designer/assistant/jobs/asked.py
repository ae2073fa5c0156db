"""What a job is asked: one form a kind of work, read again by the process that does it."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.revision.operations import Operation


class JobKind(StrEnum):
    """What a job does."""

    LOOK = "look"
    DESIGN = "design"
    EXPORT = "export"
    REVISE = "revise"
    FILM = "film"


class AskedLook(Part):
    """Observe a clip."""

    kind: Literal[JobKind.LOOK] = JobKind.LOOK
    clip: str
    """Absolute path."""
    rate: str | None = None
    """As the setting."""


class AskedDesign(Part):
    """Design a clip, or go on."""

    kind: Literal[JobKind.DESIGN] = JobKind.DESIGN
    clip: str
    """Absolute path, as the two below."""
    script_path: str | None = None
    spotting: str | None = None
    description: str | None = None
    until: Literal["script", "end"] = "end"
    replace: bool = False
    settings: dict[str, Any] = {}
    """Those that the tool shows, by name; validated where they are used."""


class AskedExport(Part):
    """Write files for a post house."""

    kind: Literal[JobKind.EXPORT] = JobKind.EXPORT
    kinds: tuple[str, ...]
    """Formats."""
    stems: Literal["mono", "stereo", "5.1"] = "stereo"
    folder: str
    """Path in the session."""
    options: dict[str, Any] = {}
    """As `foley_designer.export.bundle.export` takes them."""


class AskedRevision(Part):
    """Change a session, show what would change, or step through its revisions."""

    kind: Literal[JobKind.REVISE] = JobKind.REVISE
    command: Literal["revise", "undo", "redo"] = "revise"
    request: str | None = None
    """Plain words, in place of ``operations``."""
    operations: tuple[Operation, ...] = ()
    choice: int | None = Field(default=None, ge=1)
    """Number of the reading that is meant."""
    base: str | None = None
    """The revision that was looked at."""
    focus: tuple[str, ...] = ()
    apply: bool = False


class AskedFilm(Part):
    """Make a film, bring a new cut in or take it back, do what is wished at a timecode."""

    kind: Literal[JobKind.FILM] = JobKind.FILM
    action: Literal["make", "conform", "wish", "undo"]
    reels: tuple[str, ...] = ()
    """Absolute paths, as the two below."""
    script_path: str | None = None
    files: tuple[str, ...] = ()
    """Lists of markers; of a conform also a change list, by its suffix."""
    wish: str | None = None
    """A timecode and words."""
    number: int = Field(default=1, ge=1)
    """Of the reel that is conformed."""


Asked = Annotated[
    AskedLook | AskedDesign | AskedExport | AskedRevision | AskedFilm, Field(discriminator="kind")
]
"""Any of them; ``kind`` says which."""
