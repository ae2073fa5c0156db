"""cues: where each event of a script is, frame by frame (paper, Eq. 2-3)."""

from typing import Literal

from foley_designer.core.documents import Part
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.trajectory import Cues
from foley_designer.tools.context import Tool, ToolContext


class CuesInput(Part):
    """A script and what was seen of its clip."""

    script: FoleyScript
    observation: Observation
    angle_model: Literal["pinhole", "paper"] = "pinhole"


def cues(request: CuesInput, context: ToolContext) -> Cues:  # noqa: ARG001
    """Trace every event of the script."""
    from foley_designer.vision.geometry.cues import trace  # noqa: PLC0415 - loads SciPy

    return trace(request.script, request.observation, request.angle_model)


TOOL = Tool(
    name="cues",
    title="Trace events",
    description="Azimuth, distance and activity of each event at the clip's frame rate.",
    input=CuesInput,
    output=Cues,
    run=cues,
)
