"""One look at a clip, which the tools for shots, tracks and distances share."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Observation
from foley_designer.core.timecode import FrameRate
from foley_designer.tools.context import ToolContext
from foley_designer.tools.paths import PathRole, ReadFile


class ClipInput(Part):
    """A clip and how to look at it."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    rate: FrameRate | None = None
    """At which timecode counts, and images of a sequence follow each other; None takes the
    clip's own."""
    field_of_view_deg: float = Field(default=54.0, gt=5, lt=170)
    """Horizontal field of view of its lens, degrees."""
    people: bool = False
    """Whether to follow arms and hands, if the models of bodies and hands are here."""
    keyframes_dir: Annotated[str | None, PathRole.FILL] = None
    """Folder for keyframes; None writes none."""


class ArraysInput(ClipInput):
    """The same, and where what is seen goes."""

    arrays: Annotated[str | None, PathRole.FILL] = None
    """Folder for the whole observation as arrays (`foley_designer.tools.arrays`); None writes
    none."""


def look(request: ClipInput, context: ToolContext) -> Observation:
    """What is seen of a clip, looked at once for all that ask.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    path = context.read(request.clip)
    keyframes = context.write(request.keyframes_dir) if request.keyframes_dir else None
    folder, lacking = _people()
    note = lacking if request.people else None

    def seen() -> Observation:
        from foley_designer.vision.observe import observe  # noqa: PLC0415 - loads OpenCV and PyAV

        found = observe(
            path,
            rate=request.rate,
            field_of_view_deg=request.field_of_view_deg,
            keyframes_dir=keyframes,
            people=folder,
            limbs=request.people,
            pictures=_pictures(),
            progress=context.progress,
        )
        return found.model_copy(update={"notes": (*found.notes, note)}) if note else found

    how = (request.rate, request.field_of_view_deg, request.people)
    return context.shelf.observation(path, how, keyframes, seen)


def _pictures() -> Path | None:
    """The classifier of pictures, if it is here; who needs it says what is missing."""
    from foley_designer.core.settings import Settings  # noqa: PLC0415 - reads the environment
    from foley_designer.vision.pictures.files import pictures_here  # noqa: PLC0415

    return pictures_here(Settings().data_dir)


def _people() -> tuple[Path | None, Note | None]:
    """The folder of the models of bodies and hands, or what must be said without them."""
    from foley_designer.core.settings import Settings  # noqa: PLC0415 - reads the environment
    from foley_designer.vision.models import people_files  # noqa: PLC0415 - loads OpenCV

    data_dir = Settings().data_dir
    lacking = people_files.missing(data_dir)
    if lacking is None:
        return people_files.folder_of(data_dir), None
    text = f"Hands and bodies were not followed, so blows are timed less surely. {lacking}"
    return None, Note(kind=NoteKind.FALLBACK, step="see", text=text)
