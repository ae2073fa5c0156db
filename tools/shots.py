"""shots: where a clip's shots begin and end, how large its subjects stand, what the camera does."""

from pydantic import Field

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Part
from foley_designer.core.script.observation import Shot
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile


class ClipInput(Part):
    """A clip and the lens that it is taken to be seen through."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    field_of_view_deg: float = Field(default=54.0, gt=5, lt=170)
    """Horizontal field of view, degrees."""


class ShotsOutput(Part):
    """The clip and its shots in order."""

    clip: Clip
    shots: tuple[Shot, ...]


def shots(request: ClipInput, context: ToolContext) -> ShotsOutput:
    """The shots of a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    path = context.read(request.clip)
    seen = context.shelf.observation(path, request.field_of_view_deg, context.progress)
    return ShotsOutput(clip=seen.clip, shots=seen.shots)


TOOL = Tool(
    name="shots",
    title="Find shots",
    description="Cuts and fades of a clip; size, camera move, light and motion of each shot.",
    input=ClipInput,
    output=ShotsOutput,
    run=shots,
)
