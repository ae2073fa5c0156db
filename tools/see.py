"""see: look at a clip and say what moves, where, and when something hits."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from foley_designer.core.documents import Part
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


def see(request: SeeInput, context: ToolContext) -> Observation:
    """Observe a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    from foley_designer.vision.observe import observe  # noqa: PLC0415 - loads OpenCV and PyAV

    keyframes: Path | None = None
    if request.keyframes_dir is not None:
        keyframes = context.write(request.keyframes_dir)
    return observe(
        context.read(request.clip),
        rate=request.rate,
        field_of_view_deg=request.field_of_view_deg,
        keyframes_dir=keyframes,
        progress=context.progress,
    )


TOOL = Tool(
    name="see",
    title="See a clip",
    description="Shots, tracks with azimuth-ready positions and distances, and moments of impact.",
    input=SeeInput,
    output=Observation,
    run=see,
    read_only=False,
)
