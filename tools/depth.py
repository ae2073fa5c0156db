"""depth: how far from the camera each source of a clip is, and how sure that is."""

from typing import Annotated, Literal

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.note import Note
from foley_designer.core.script.observation import Observation
from foley_designer.core.settings import Settings
from foley_designer.tools import arrays
from foley_designer.tools.better import noted, tried
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.looking import ArraysInput, look
from foley_designer.tools.paths import PathRole

MOST_PICTURES = 24
"""Pictures that the model is shown; each takes about a second on a processor."""


class DepthInput(ArraysInput):
    """A clip, what was seen of it, and the model. None takes the machine's settings."""

    seen: Annotated[str | None, PathRole.READ] = None
    """File of the observation whose tracks are measured; None looks at the clip."""
    depth_model: str = Field(default="auto", max_length=100)
    """``auto``, ``none``, ``transformers`` or the name of a plug-in."""
    depth_weights: str | None = None
    depth_statistic: Literal["median", "mean"] = "median"


class TrackDepth(Part):
    """Distances of one track, in short."""

    track_id: str
    first_m: float = Field(gt=0)
    """Metres from the camera when it is first seen."""
    last_m: float = Field(gt=0)
    nearest_m: float = Field(gt=0)
    farthest_m: float = Field(gt=0)


class DepthOutput(Part):
    """Distances of all tracks by one model."""

    model: str
    """Name and version of what estimated them."""
    tracks: tuple[TrackDepth, ...]
    notes: tuple[Note, ...]
    seen: str | None
    """Name of the file of the measured observation in the folder for arrays."""


def depth(request: DepthInput, context: ToolContext) -> DepthOutput:
    """Distances of a clip's sources, by a depth model where this machine has one.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``, ``disk_full``,
            ``document_invalid`` for a file that holds no observation.
    """
    folder = context.write(request.arrays) if request.arrays else None
    known = arrays.read(Observation, context.read(request.seen)) if request.seen else None
    seen = _measured(known or look(request, context), request, context)
    return DepthOutput(
        model=seen.parts["depth"],
        tracks=tuple(
            TrackDepth(
                track_id=one.id,
                first_m=one.sightings[0].distance_m,
                last_m=one.sightings[-1].distance_m,
                nearest_m=min(at.distance_m for at in one.sightings),
                farthest_m=max(at.distance_m for at in one.sightings),
            )
            for one in seen.tracks
        ),
        notes=seen.notes,
        seen=arrays.write(seen, folder) if folder else None,
    )


def _measured(seen: Observation, request: DepthInput, context: ToolContext) -> Observation:
    from foley_designer.vision.geometry.distances import measure  # noqa: PLC0415 - loads OpenCV
    from foley_designer.vision.models.depth import load_depth  # noqa: PLC0415
    from foley_designer.vision.models.plugins import load_part  # noqa: PLC0415

    weights = request.depth_weights or Settings().depth_weights
    part, notes = load_part(
        "foley_designer.depth_models",
        request.depth_model,
        lambda: load_depth(weights),
        ("name", "metric", "uncertainty", "depth"),
    )
    seen = noted(seen, notes)
    if part is None or not seen.tracks:
        return seen
    path = context.read(request.clip)
    return tried(
        part.name,
        lambda: measure(path, seen, part, request.depth_statistic, MOST_PICTURES),
        seen,
        "the ground plane",
    )


TOOL = Tool(
    name="depth",
    title="Estimate distances",
    description=(
        "Distance in metres of every tracked source, by a depth model where this machine has one. "
        "Without, expect a factor of two either way; the order along a track is surer than the "
        "value."
    ),
    input=DepthInput,
    output=DepthOutput,
    run=depth,
    read_only=False,
)
