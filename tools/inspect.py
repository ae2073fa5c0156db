"""inspect: look at an observed clip again with the better parts of this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.errors import FoleyError
from foley_designer.core.note import Note
from foley_designer.core.script.observation import MotionKind, Observation
from foley_designer.core.settings import Settings
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile

MOST_PICTURES = 24
"""Pictures that a part is shown; each takes about a second on a processor."""
MOST_POSES = 400
"""Pictures of who walks that a pose model is shown; steps need nearly every one."""


class InspectInput(Part):
    """What was seen of a clip, and what to look for. None takes the machine's settings."""

    clip: ReadFile
    """Path of the clip. Its sound is never read."""
    observation: Observation
    names: tuple[str, ...] = Field(default=(), max_length=40)
    """Things to find, such as ``hammer``; none finds none."""
    localizer: str = Field(default="auto", max_length=100)
    """``auto``, ``none``, ``transformers`` or the name of a plug-in."""
    localizer_weights: str | None = None
    depth_model: str = Field(default="auto", max_length=100)
    depth_weights: str | None = None
    depth_statistic: Literal["median", "mean"] = "median"
    pose_model: str = Field(default="auto", max_length=100)
    pose_weights: str | None = None


def inspect(request: InspectInput, context: ToolContext) -> Observation:
    """The observation with names, distances, heel strikes; unchanged if no better part is here.

    A part that fails leaves a note and what was seen before.

    Raises:
        FoleyError: ``clip_*`` for what can't be looked at, ``path_not_allowed``.
    """
    path = context.read(request.clip)
    settings = Settings()
    context.progress("inspect", 0.0)
    weights = request.localizer_weights or settings.localizer_weights
    observation = _named(request, path, weights)
    context.progress("inspect", 0.5)
    weights = request.depth_weights or settings.depth_weights
    observation = _measured(request, observation, path, weights)
    weights = request.pose_weights or settings.pose_weights
    return _stepped(request, observation, path, weights, context)


def _named(request: InspectInput, path: Path, weights: str | None) -> Observation:
    from foley_designer.vision.models.detector import load_localizer  # noqa: PLC0415
    from foley_designer.vision.models.plugins import load_part  # noqa: PLC0415
    from foley_designer.vision.tracking.locating import locate  # noqa: PLC0415 - loads OpenCV and PyAV

    observation = request.observation
    if not request.names:
        return observation
    part, notes = load_part(
        "foley_designer.localizers",
        request.localizer,
        lambda: load_localizer(weights),
        ("name", "locate"),
    )
    observation = _noted(observation, notes)
    if part is None:
        return observation
    return _tried(
        part.name,
        lambda: locate(path, observation, part, request.names, MOST_PICTURES),
        observation,
        "what moves",
    )


def _measured(
    request: InspectInput, observation: Observation, path: Path, weights: str | None
) -> Observation:
    from foley_designer.vision.geometry.distances import measure  # noqa: PLC0415
    from foley_designer.vision.models.depth import load_depth  # noqa: PLC0415
    from foley_designer.vision.models.plugins import load_part  # noqa: PLC0415

    part, notes = load_part(
        "foley_designer.depth_models",
        request.depth_model,
        lambda: load_depth(weights),
        ("name", "metric", "uncertainty", "depth"),
    )
    observation = _noted(observation, notes)
    if part is None or not observation.tracks:
        return observation
    statistic = request.depth_statistic
    return _tried(
        part.name,
        lambda: measure(path, observation, part, statistic, MOST_PICTURES),
        observation,
        "the ground plane",
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
    observation = _noted(observation, notes)
    if part is None:
        return observation
    return _tried(
        part.name,
        lambda: with_heel_strikes(path, observation, part, MOST_POSES, context.progress),
        observation,
        "the motion of feet",
    )


def _tried(
    name: str, work: Callable[[], Observation], otherwise: Observation, instead: str
) -> Observation:
    from foley_designer.vision.models.plugins import failed  # noqa: PLC0415

    try:
        return work()
    except FoleyError:
        raise
    except Exception as error:  # noqa: BLE001 - a part may fail in any way; it is told
        return _noted(otherwise, (failed(name, error, instead),))


def _noted(observation: Observation, notes: tuple[Note, ...]) -> Observation:
    if not notes:
        return observation
    return observation.model_copy(update={"notes": (*observation.notes, *notes)})


TOOL = Tool(
    name="inspect",
    title="Inspect a clip with better parts",
    description=(
        "Names, distances and heel strikes of what was seen, by a zero-shot detector, a depth "
        "model and a pose model, where this machine has them. Without them the observation comes "
        "back as it was."
    ),
    input=InspectInput,
    output=Observation,
    run=inspect,
)
