"""strips: pictures around moments, for someone to look at."""

from typing import Annotated

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.script.observation import Observation
from foley_designer.tools import arrays
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import PathRole, ReadFile


class StripsInput(Part):
    """Which moments of an observed clip, and where the pictures go."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    seen: ReadFile
    """File of the observation (`foley_designer.tools.arrays`)."""
    moments: tuple[str, ...] = Field(max_length=200)
    """Ids of the observation's moments."""
    folder: Annotated[str, PathRole.FILL]


class StripsOutput(Part):
    """File names in the folder by moment."""

    files: dict[str, str]


def strips(request: StripsInput, context: ToolContext) -> StripsOutput:
    """Draw a strip for each moment; ids that the observation lacks are passed over.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``,
            ``document_invalid`` for a file that holds no observation.
    """
    from foley_designer.vision.video.strips import write_strips  # noqa: PLC0415 - loads OpenCV and PyAV

    wanted = set(request.moments)
    seen = arrays.read(Observation, context.read(request.seen))
    return StripsOutput(
        files=write_strips(
            context.read(request.clip),
            seen,
            [one for one in seen.moments if one.id in wanted],
            context.write(request.folder),
            context.progress,
        )
    )


TOOL = Tool(
    name="strips",
    title="Show moments",
    description=(
        "A PNG for each moment: the frames around it with their times, the moving region marked."
    ),
    input=StripsInput,
    output=StripsOutput,
    run=strips,
    read_only=False,
)
