"""generate: make one placed and measured take of one event."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import FilledFolder


class GenerateInput(Part):
    """One event, its cues, and how to make it."""

    event: SoundEvent
    trajectory: Trajectory
    space: Space
    sample_count: int = Field(gt=0)
    """Length of the clip in samples at 48 kHz."""
    folder: FilledFolder
    """Where takes are kept."""
    engine: str = "auto"
    seed: int = 0
    takes: int = Field(default=2, ge=1, le=16)


class GenerateOutput(Part):
    """The best take and what was said on the way."""

    take: Take
    notes: tuple[Note, ...] = ()


def generate(request: GenerateInput, context: ToolContext) -> GenerateOutput:
    """Perform, place, measure; keep the best of N takes.

    Raises:
        FoleyError: ``path_not_allowed``, ``part_missing``, ``disk_full``.
    """
    from foley_designer.generator.takes import make_take  # noqa: PLC0415 - loads SciPy

    take, notes = make_take(
        request.event,
        request.trajectory,
        request.space,
        engine=request.engine,
        seed=request.seed,
        takes=request.takes,
        sample_count=request.sample_count,
        folder=context.write(request.folder),
    )
    return GenerateOutput(take=take, notes=notes)


TOOL = Tool(
    name="generate",
    title="Generate a take",
    description="One stereo take of one sound event, placed along its trajectory and measured.",
    input=GenerateInput,
    output=GenerateOutput,
    run=generate,
    read_only=False,
)
