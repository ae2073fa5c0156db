"""inspect: look at an observed clip again with the better parts of this machine."""

from pathlib import Path

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.note import Note
from foley_designer.core.script.observation import MotionKind, Observation
from foley_designer.core.settings import Settings
from foley_designer.tools import arrays
from foley_designer.tools.better import noted, tried
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import FilledFolder, ReadFile

MOST_PICTURES = 24
"""Pictures that the localizer is shown; each takes about a second on a processor."""
MOST_POSES = 400
"""Pictures of who walks that a pose model is shown; steps need nearly every one."""


class InspectInput(Part):
    """What was seen of a clip, and what to look for. None takes the machine's settings."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    seen: ReadFile
    """File of what was seen of it (`foley_designer.tools.arrays`)."""
    arrays: FilledFolder
    """Where what is seen now goes."""
    names: tuple[str, ...] = Field(default=(), max_length=40)
    """Things to find, such as ``hammer``; none finds none."""
    localizer: str = Field(default="auto", max_length=100)
    """``auto``, ``none``, ``transformers`` or the name of a plug-in."""
    localizer_weights: str | None = None
    pose_model: str = Field(default="auto", max_length=100)
    pose_weights: str | None = None


class InspectOutput(Part):
    """What came of it."""

    seen: str
    """Name of the file of the observation in the folder for arrays."""
    notes: tuple[Note, ...]


def inspect(request: InspectInput, context: ToolContext) -> InspectOutput:
    """The observation with names and heel strikes; unchanged where no better part is here.

    A part that fails leaves a note and what was seen before.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``, ``disk_full``,
            ``document_invalid`` for a file that holds no observation.
    """
    path, folder = context.read(request.clip), context.write(request.arrays)
    settings = Settings()
    context.progress("inspect", 0.0)
    observation = arrays.read(Observation, context.read(request.seen))
    weights = request.localizer_weights or settings.localizer_weights
    observation = _named(request, observation, path, weights)
    context.progress("inspect", 0.5)
    weights = request.pose_weights or settings.pose_weights
    observation = _stepped(request, observation, path, weights, context)
    return InspectOutput(seen=arrays.write(observation, folder), notes=observation.notes)


def _named(
    request: InspectInput, observation: Observation, path: Path, weights: str | None
) -> Observation:
    from foley_designer.vision.models.detector import load_localizer  # noqa: PLC0415
    from foley_designer.vision.models.plugins import load_part  # noqa: PLC0415
    from foley_designer.vision.tracking.locating import locate  # noqa: PLC0415 - loads OpenCV and PyAV

    if not request.names:
        return observation
    part, notes = load_part(
        "foley_designer.localizers",
        request.localizer,
        lambda: load_localizer(weights),
        ("name", "locate"),
    )
    observation = noted(observation, notes)
    if part is None:
        return observation
    return tried(
        part.name,
        lambda: locate(path, observation, part, request.names, MOST_PICTURES),
        observation,
        "what moves",
    )


def _stepped(
    request: InspectInput,
    observation: Observation,
    path: Path,
    weights: str | None,
    context: ToolContext,
) -> Observation:
    from foley_designer.vision.events.walking import with_heel_strikes  # noqa: PLC0415
    from foley_designer.vision.models.plugins import load_part  # noqa: PLC0415
    from foley_designer.vision.models.pose import load_pose  # noqa: PLC0415

    if all(track.kind is not MotionKind.WALKING for track in observation.tracks):
        return observation
    part, notes = load_part(
        "foley_designer.pose_models",
        request.pose_model,
        lambda: load_pose(weights),
        ("name", "joints", "pose"),
    )
    observation = noted(observation, notes)
    if part is None:
        return observation
    return tried(
        part.name,
        lambda: with_heel_strikes(path, observation, part, MOST_POSES, context.progress),
        observation,
        "the motion of feet",
    )


TOOL = Tool(
    name="inspect",
    title="Inspect a clip with better parts",
    description=(
        "Names and heel strikes of what was seen, by a zero-shot detector and a pose model, where "
        "this machine has them. Without them the observation comes back as it was."
    ),
    input=InspectInput,
    output=InspectOutput,
    run=inspect,
    read_only=False,
)
