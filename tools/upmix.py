"""upmix: 5.1 from the stereo master (ITU-R BS.775), L R C LFE Ls Rs."""

from typing import Literal

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.files import file_hash
from foley_designer.core.mix_loudness import MixLoudness
from foley_designer.core.mix_plan import SurroundRoad
from foley_designer.tools.context import Tool, ToolContext


class UpmixInput(Part):
    """A stereo file, the road, and where the 5.1 file goes."""

    stereo: str
    out: str
    road: Literal[SurroundRoad.UPMIX, SurroundRoad.MATRIX] = SurroundRoad.UPMIX
    lfe_gain_db: float = Field(default=-10.0, ge=-40, le=0)


class UpmixOutput(Part):
    """The 5.1 file."""

    file: str
    sha256: str
    stereo: MixLoudness
    """The stereo file as it was read back."""
    surround: MixLoudness


def upmix(request: UpmixInput, context: ToolContext) -> UpmixOutput:
    """Upmix, write 24-bit 5.1 with mask 0x60F, and measure both files.

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``, ``disk_full``.
    """
    from foley_designer.dsp import upmix as roads  # noqa: PLC0415 - loads SciPy
    from foley_designer.dsp.loudness import measure  # noqa: PLC0415
    from foley_designer.export.wav import SURROUND_5_1, read_wav, write_wav  # noqa: PLC0415

    stereo = read_wav(context.read(request.stereo))
    road = roads.matrix if request.road is SurroundRoad.MATRIX else roads.upmix
    surround = road(stereo, request.lfe_gain_db)
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
    title="Upmix to 5.1",
    description="BS.775 5.1 whose Lo/Ro downmix is the stereo; linear-phase LFE.",
    input=UpmixInput,
    output=UpmixOutput,
    run=upmix,
    read_only=False,
)
