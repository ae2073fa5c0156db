"""track: what moves in a clip, followed through time, and the moments at which it hits."""

from foley_designer.core.documents import Part
from foley_designer.core.script.observation import Box, Moment, MotionKind, Track
from foley_designer.tools import arrays
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.looking import ArraysInput, look

SHOWN = 12
"""Places of a track in the answer; the arrays have all."""


class Place(Part):
    """Where a track is at one time."""

    time_s: float
    box: Box
    distance_m: float


class TrackSummary(Part):
    """One source, in short."""

    id: str
    kind: MotionKind
    label: str | None
    confidence: float
    start_s: float
    end_s: float
    places: tuple[Place, ...]
    """Evenly through time."""


class TrackOutput(Part):
    """Tracks and moments; a moment names its track."""

    tracks: tuple[TrackSummary, ...]
    moments: tuple[Moment, ...]
    seen: str | None
    """Name of the file of the whole observation in the folder for arrays."""


def track(request: ArraysInput, context: ToolContext) -> TrackOutput:
    """The sources of a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``, ``disk_full``.
    """
    folder = context.write(request.arrays) if request.arrays else None
    seen = look(request, context)
    return TrackOutput(
        tracks=tuple(map(_summary, seen.tracks)),
        moments=seen.moments,
        seen=arrays.write(seen, folder) if folder else None,
    )


def _summary(one: Track) -> TrackSummary:
    step = max(1, -(-len(one.sightings) // SHOWN))
    return TrackSummary(
        id=one.id,
        kind=one.kind,
        label=one.label,
        confidence=one.confidence,
        start_s=one.start_s,
        end_s=one.end_s,
        places=tuple(
            Place(time_s=at.time_s, box=at.box, distance_m=at.distance_m)
            for at in one.sightings[::step]
        ),
    )


TOOL = Tool(
    name="track",
    title="Track sources",
    description=(
        "Every moving source: how it moves, where it is through time, and when it hits. All of it "
        "as arrays, where a folder is given."
    ),
    input=ArraysInput,
    output=TrackOutput,
    run=track,
    read_only=False,
)
