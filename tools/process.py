"""process: apply one track's part of the mixing plan to its take and write the stem."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_plan import TrackPlan
from foley_designer.core.mix.treatment import Treatment
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile, WrittenFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Fader(Part):
    """A sound file and the gain with which it is summed."""

    file: ReadFile
    gain_db: float = 0.0


class Key(Part):
    """The takes that one of a treatment's dips makes room for."""

    takes: tuple[Fader, ...] = Field(min_length=1)


class ProcessInput(Part):
    """A take, what to do with it, and where the stem goes."""

    take: ReadFile
    plan: TrackPlan
    stem: WrittenFile
    sample_count: int = Field(gt=0)
    foreground: tuple[Fader, ...] = ()
    """Stems that a ducked track dips under."""
    rides: tuple[tuple[float, float, float], ...] = ()
    """Stretches of the take at a gain of their own: start and end in seconds, gain in dB."""
    treatment: Treatment | None = None
    """What an editor has done by hand; None: nothing."""
    starts_s: tuple[float, ...] = ()
    """Times of the event's hits, which a treatment's speed needs."""
    spans_s: tuple[tuple[float, float], ...] = ()
    keys: tuple[Key, ...] = ()
    """One a dip of the treatment."""


class WrittenSound(Part):
    """A sound file that was written."""

    file: WrittenFile
    sha256: str


def process(request: ProcessInput, context: ToolContext) -> WrittenSound:
    """Process a track as planned and as treated by hand; no fader is applied.

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``, ``disk_full``.
    """
    import numpy as np  # noqa: PLC0415

    from foley_designer.dsp.effects.process import ByHand  # noqa: PLC0415
    from foley_designer.dsp.effects.process import process as apply  # noqa: PLC0415
    from foley_designer.dsp.level.mixdown import mixdown  # noqa: PLC0415 - loads SciPy
    from foley_designer.dsp.level.rides import Ride  # noqa: PLC0415
    from foley_designer.export.audio.wav import STEREO, read_wav, write_wav  # noqa: PLC0415

    def amplitude(faders: Sequence[Fader]) -> "NDArray[np.float32]":
        files = [(context.read(fader.file), fader.gain_db) for fader in faders]
        under = mixdown(files, request.sample_count)
        return np.asarray(np.abs(under, out=under).max(axis=0))

    envelope = None
    dynamics = request.plan.dynamics
    if dynamics is not None and dynamics.duck_db > 0 and request.foreground:
        envelope = amplitude(request.foreground)
    hand = None
    if request.treatment is not None:
        keys = tuple(amplitude(key.takes) for key in request.keys)
        hand = ByHand(request.treatment, request.starts_s, request.spans_s, keys)
    take = read_wav(context.read(request.take))
    rides = [Ride(*stretch) for stretch in request.rides]
    samples = apply(take, request.plan, envelope, rides, hand)
    stem = context.write(request.stem)
    write_wav(stem, samples, mask=STEREO)
    return WrittenSound(file=str(stem), sha256=file_hash(stem))


TOOL = Tool(
    name="process",
    title="Process a track",
    description="Repair, reverb, EQ and dynamics of one track by the mixing plan, take to stem.",
    input=ProcessInput,
    output=WrittenSound,
    run=process,
    read_only=False,
)
