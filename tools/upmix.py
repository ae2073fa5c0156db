"""upmix: 5.1 after ITU-R BS.775, L R C LFE Ls Rs, from the stereo master or from placed stems."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import SurroundMethod
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile, WrittenFile


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

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``, ``disk_full``.
    """
    import foley_designer.dsp.spatial.upmix as roads  # noqa: PLC0415 - loads SciPy
    from foley_designer.dsp.level.loudness import measure  # noqa: PLC0415
    from foley_designer.dsp.spatial.objects import ObjectStem, objects  # noqa: PLC0415
    from foley_designer.export.audio.wav import SURROUND_5_1, read_wav, write_wav  # noqa: PLC0415

    stereo = read_wav(context.read(request.stereo))
    if request.road is SurroundMethod.OBJECTS:
        stems = [
            ObjectStem(context.read(stem.file), stem.gain_db, stem.trajectory)
            for stem in request.stems
        ]
        surround = objects(stems, stereo.shape[1], request.lfe_gain_db, request.ceiling_dbtp)
    elif request.road is SurroundMethod.MATRIX:
        surround = roads.matrix(stereo, request.lfe_gain_db)
    else:
        surround = roads.upmix(stereo, request.lfe_gain_db, request.ceiling_dbtp)
    out = context.write(request.out)
    write_wav(out, surround, mask=SURROUND_5_1)
    return UpmixOutput(
        file=str(out),
        sha256=file_hash(out),
        stereo=measure(stereo, "stereo"),
        surround=measure(surround, "5.1"),
    )


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
