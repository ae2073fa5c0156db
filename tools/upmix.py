"""upmix: 5.1 after ITU-R BS.775, L R C LFE Ls Rs, from the stereo master or from placed stems."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import SurroundMethod
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile, WrittenFile

if TYPE_CHECKING:
    from foley_designer.dsp.level.gains import Samples


class PlacedStem(Part):
    """A stem that the objects road pans on its own trajectory."""

    file: ReadFile
    gain_db: float
    """Fader and master gain."""
    trajectory: Trajectory


class UpmixInput(Part):
    """A stereo master, the road, and where the 5.1 file goes."""

    stereo: ReadFile
    out: WrittenFile
    road: SurroundMethod = SurroundMethod.UPMIX
    lfe_gain_db: float = Field(default=-10.0, ge=-40, le=0)
    ceiling_dbtp: float = Field(default=-1.0, le=0)
    """Highest true peak of any channel."""
    stems: tuple[PlacedStem, ...] = ()
    """What the objects road pans; the other roads take the stereo master."""


class UpmixOutput(Part):
    """The 5.1 file."""

    file: WrittenFile
    sha256: str
    stereo: MixLoudness
    """The stereo file as it was read back."""
    surround: MixLoudness


def upmix(request: UpmixInput, context: ToolContext) -> UpmixOutput:
    """Make 5.1, write it in 24 bits with mask 0x60F, and measure both files.

    An upmix is made in windows of twenty seconds, so memory does not grow with a clip's length.

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``, ``disk_full``.
    """
    from foley_designer.dsp.level.long_master import (  # noqa: PLC0415 - loads SciPy
        measure_blocks,
        upmixed,
        windows,
    )
    from foley_designer.dsp.level.loudness import LoudnessMeter, measure  # noqa: PLC0415
    from foley_designer.export.audio.wav import (  # noqa: PLC0415
        SURROUND_5_1,
        read_blocks,
        read_wav,
        wav_writer,
        write_wav,
    )

    file, out = context.read(request.stereo), context.write(request.out)
    if request.road is SurroundMethod.UPMIX:
        meter = LoudnessMeter("5.1")
        with wav_writer(out, 6, mask=SURROUND_5_1) as writer:
            made = upmixed(windows(read_blocks(file)), request.lfe_gain_db, request.ceiling_dbtp)
            for block, _ in made:
                writer.write(block)
                for part in blocks(block.shape[1]):
                    meter.push(block[:, part])
        return _told(out, measure_blocks(read_blocks(file, BLOCK)), meter.result())
    stereo = read_wav(file)
    surround = _whole(request, context, stereo)
    write_wav(out, surround, mask=SURROUND_5_1)
    return _told(out, measure(stereo, "stereo"), measure(surround, "5.1"))


def _whole(request: UpmixInput, context: ToolContext, stereo: "Samples") -> "Samples":
    """The 5.1 of the roads that take all samples at once, ``[6, n]``."""
    import foley_designer.dsp.spatial.upmix as roads  # noqa: PLC0415 - loads SciPy
    from foley_designer.dsp.spatial.objects import ObjectStem, objects  # noqa: PLC0415

    if request.road is SurroundMethod.OBJECTS:
        stems = [
            ObjectStem(context.read(stem.file), stem.gain_db, stem.trajectory)
            for stem in request.stems
        ]
        return objects(stems, stereo.shape[1], request.lfe_gain_db, request.ceiling_dbtp)
    return roads.matrix(stereo, request.lfe_gain_db)


def _told(out: Path, stereo: MixLoudness, surround: MixLoudness) -> UpmixOutput:
    return UpmixOutput(file=str(out), sha256=file_hash(out), stereo=stereo, surround=surround)


TOOL = Tool(
    name="upmix",
    title="Make 5.1",
    description=(
        "BS.775 5.1: an upmix whose Lo/Ro downmix is the stereo, events as objects on their "
        "trajectories, or the paper's fixed matrix; linear-phase LFE."
    ),
    input=UpmixInput,
    output=UpmixOutput,
    run=upmix,
    read_only=False,
)
