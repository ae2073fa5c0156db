"""see: look at a clip and say what moves, where, and when something hits."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Observation
from foley_designer.core.timecode import FrameRate
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import PathRole, ReadFile


class SeeInput(Part):
    """A clip and how to look at it."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    rate: FrameRate | None = None
    """At which timecode counts, and images of a sequence follow each other; None takes the
    clip's own."""
    field_of_view_deg: float = Field(default=54.0, gt=5, lt=170)
    keyframes_dir: Annotated[str | None, PathRole.FILL] = None
    """Folder for keyframes; None writes none."""
    people: bool = False
    """Whether to follow bodies and hands, if their models are here."""


def see(request: SeeInput, context: ToolContext) -> Observation:
    """Observe a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    from foley_designer.vision.observe import observe  # noqa: PLC0415 - loads OpenCV and PyAV

    keyframes: Path | None = None
    if request.keyframes_dir is not None:
        keyframes = context.write(request.keyframes_dir)
    folder, note = _people() if request.people else (None, None)
    observation = observe(
        context.read(request.clip),
        rate=request.rate,
        field_of_view_deg=request.field_of_view_deg,
        keyframes_dir=keyframes,
        people=folder,
        progress=context.progress,
    )
    if note is None:
        return observation
    return observation.model_copy(update={"notes": (*observation.notes, note)})


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


TOOL = Tool(
    name="see",
    title="See a clip",
    description="Shots, tracks with azimuth-ready positions and distances, and moments of impact.",
    input=SeeInput,
    output=Observation,
    run=see,
    read_only=False,
)
