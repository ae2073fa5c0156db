"""``foley-designer export``: what a post house opens, from a finished session."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError


class AdmProfile(StrEnum):
    """Profiles of ADM files."""

    EBU = "ebu"
    ATMOS = "atmos"


class Channels(StrEnum):
    """Channels of Broadcast WAV stems."""

    MONO = "mono"
    STEREO = "stereo"
    SURROUND = "5.1"


def export(
    session: Annotated[Path, typer.Argument(help="Folder of a finished session.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder; exports/ in the session by default.")
    ] = None,
    bwf: Annotated[
        bool, typer.Option("--bwf", help="Broadcast WAV stems and mixes with timecode.")
    ] = False,
    adm: Annotated[
        list[AdmProfile] | None, typer.Option("--adm", help="ADM of a profile; repeatable.")
    ] = None,
    aaf: Annotated[bool, typer.Option("--aaf", help="AAF with embedded sound.")] = False,
    otio: Annotated[bool, typer.Option("--otio", help="OpenTimelineIO timeline.")] = False,
    fcpxml7: Annotated[bool, typer.Option("--fcpxml7", help="Final Cut Pro 7 XML.")] = False,
    edl: Annotated[bool, typer.Option("--edl", help="CMX 3600 edit decision lists.")] = False,
    ardour: Annotated[bool, typer.Option("--ardour", help="Ardour session.")] = False,
    reaper: Annotated[bool, typer.Option("--reaper", help="Reaper project.")] = False,
    cues: Annotated[
        bool, typer.Option("--cues", help="Cue sheet as CSV and printable HTML.")
    ] = False,
    mov: Annotated[bool, typer.Option("--mov", help="Movie with timecode track.")] = False,
    stems: Annotated[
        Channels, typer.Option("--stems", help="Channels of Broadcast WAV stems.")
    ] = Channels.STEREO,
    start: Annotated[
        str | None, typer.Option("--start", help="Timecode of the first frame, 01:00:00:00.")
    ] = None,
) -> None:
    """Export a finished session; always with credits, and with notes where there are any."""
    from foley_designer.export.bundle import export as write

    flags = {
        "bwf": bwf,
        "aaf": aaf,
        "otio": otio,
        "fcpxml7": fcpxml7,
        "edl": edl,
        "ardour": ardour,
        "reaper": reaper,
        "cues": cues,
        "mov": mov,
    }
    kinds = [name for name, wanted in flags.items() if wanted]
    kinds += [f"adm-{profile.value}" for profile in adm or ()]
    if not kinds:
        raise FoleyError(
            ErrorCode.OPTION_INVALID, "Nothing to export.", "Name a kind, such as --bwf or --otio."
        )
    options = {"start": start} if start else {}
    for path in write(session, kinds, out or session / "exports", stems=stems.value, **options):
        typer.echo(path)
