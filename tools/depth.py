"""depth: how far from the camera each source of a clip is, and how sure that is."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.shots import ClipInput


class TrackDepth(Part):
    """Distances of one track."""

    track_id: str
    time_s: tuple[float, ...]
    distance_m: tuple[float, ...]
    """Metres from the camera at each time."""
    nearest_m: float = Field(gt=0)
    farthest_m: float = Field(gt=0)


class DepthOutput(Part):
    """Distances of all tracks by one model."""

    model: str
    """Name and version of what estimated them."""
    tracks: tuple[TrackDepth, ...]


def depth(request: ClipInput, context: ToolContext) -> DepthOutput:
    """Distances of a clip's sources.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    path = context.read(request.clip)
    seen = context.shelf.observation(path, request.field_of_view_deg, context.progress)
    tracks = []
    for track in seen.tracks:
        distances = tuple(sighting.distance_m for sighting in track.sightings)
        tracks.append(
            TrackDepth(
                track_id=track.id,
                time_s=tuple(sighting.time_s for sighting in track.sightings),
                distance_m=distances,
                nearest_m=min(distances),
                farthest_m=max(distances),
            )
        )
    return DepthOutput(model=seen.parts["depth"], tracks=tuple(tracks))


TOOL = Tool(
    name="depth",
    title="Estimate distances",
    description=(
        "Distance in metres of every tracked source through time. Without a learned model, expect "
        "a factor of two either way; the order along a track is surer than the value."
    ),
    input=ClipInput,
    output=DepthOutput,
    run=depth,
)
