"""track: what moves in a clip, followed through time, and the moments at which it hits."""

from foley_designer.core.documents import Part
from foley_designer.core.script.observation import Moment, Track
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.shots import ClipInput


class TrackOutput(Part):
    """Tracks and moments; a moment names its track."""

    tracks: tuple[Track, ...]
    moments: tuple[Moment, ...]


def track(request: ClipInput, context: ToolContext) -> TrackOutput:
    """The sources of a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    path = context.read(request.clip)
    seen = context.shelf.observation(path, request.field_of_view_deg, context.progress)
    return TrackOutput(tracks=seen.tracks, moments=seen.moments)


TOOL = Tool(
    name="track",
    title="Track sources",
    description="Boxes of every moving source through time, how it moves, and when it hits.",
    input=ClipInput,
    output=TrackOutput,
    run=track,
)
