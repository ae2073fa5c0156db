"""cues: where each event of a script is, frame by frame (paper, Eq. 2-3)."""

from typing import Literal

from foley_designer.core.documents import Part
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.tools import arrays
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import FilledFolder, ReadFile


class CuesInput(Part):
    """A script and what was seen of its clip."""

    script: FoleyScript
    seen: ReadFile
    """File of the observation (`foley_designer.tools.arrays`)."""
    arrays: FilledFolder
    """Where the cues go."""
    angle_model: Literal["pinhole", "paper"] = "pinhole"


class CuesOutput(Part):
    """Where the trajectories are."""

    cues: str
    """Name of their file in the folder for arrays."""


def cues(request: CuesInput, context: ToolContext) -> CuesOutput:
    """Trace every event of the script.

    Raises:
        FoleyError: ``path_not_allowed``, ``disk_full``, ``document_invalid`` for a file that holds
            no observation.
    """
    from foley_designer.vision.geometry.cues import trace  # noqa: PLC0415 - loads SciPy

    folder = context.write(request.arrays)
    seen = arrays.read(Observation, context.read(request.seen))
    found = trace(request.script, seen, request.angle_model)
    return CuesOutput(cues=arrays.write(found, folder))


TOOL = Tool(
    name="cues",
    title="Trace events",
    description="Azimuth, distance and activity of each event at the clip's frame rate.",
    input=CuesInput,
    output=CuesOutput,
    run=cues,
    read_only=False,
)
