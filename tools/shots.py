"""shots: where a clip's shots begin and end, how large its subjects stand, what the camera does."""

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Part
from foley_designer.core.note import Note
from foley_designer.core.script.observation import Shot
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.looking import ClipInput, look


class ShotsOutput(Part):
    """The clip and its shots in order."""

    clip: Clip
    shots: tuple[Shot, ...]
    notes: tuple[Note, ...]
    """What was decided on the way."""


def shots(request: ClipInput, context: ToolContext) -> ShotsOutput:
    """The shots of a clip.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    seen = look(request, context)
    return ShotsOutput(clip=seen.clip, shots=seen.shots, notes=seen.notes)


TOOL = Tool(
    name="shots",
    title="Find shots",
    description=(
        "Cuts and fades of a clip; size, camera move, light, motion and place of each shot; "
        "keyframes, where a folder is given."
    ),
    input=ClipInput,
    output=ShotsOutput,
    run=shots,
    read_only=False,
)
