"""mix: sum the stems with their faders and master to a named loudness target."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LoudnessTarget
from foley_designer.core.note import Note
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import WrittenFile
from foley_designer.tools.process import Fader


class MixInput(Part):
    """Stems with faders, a target, and where the mix goes."""

    stems: tuple[Fader, ...] = Field(min_length=1)
    sample_count: int = Field(gt=0)
    target: LoudnessTarget
    offset_db: float = Field(default=0.0, ge=-40, le=12)
    """How far from the target's loudness the mix shall lie."""
    out: WrittenFile


class MixOutput(Part):
    """The stereo master."""

    file: WrittenFile
    sha256: str
    master_gain_db: float
    loudness: MixLoudness
    notes: tuple[Note, ...] = ()


def mix(request: MixInput, context: ToolContext) -> MixOutput:
    """Sum, bring to the target's loudness, hold the true peak, write 24-bit stereo.

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``, ``disk_full``.
    """
    from foley_designer.dsp.level.master import master  # noqa: PLC0415 - loads SciPy
    from foley_designer.dsp.level.mixdown import mixdown  # noqa: PLC0415
    from foley_designer.export.audio.wav import STEREO, write_wav  # noqa: PLC0415

    files = [(context.read(stem.file), stem.gain_db) for stem in request.stems]
    mastered = master(mixdown(files, request.sample_count), request.target, request.offset_db)
    out = context.write(request.out)
    write_wav(out, mastered.samples, mask=STEREO)
    return MixOutput(
        file=str(out),
        sha256=file_hash(out),
        master_gain_db=mastered.gain_db,
        loudness=mastered.loudness,
        notes=(mastered.note,) if mastered.note else (),
    )


TOOL = Tool(
    name="mix",
    title="Mix and master",
    description="Sum stems with faders, reach the loudness target, hold the true peak.",
    input=MixInput,
    output=MixOutput,
    run=mix,
    read_only=False,
)
