"""``foley-designer export``: what a post house opens, from a finished session."""

from collections.abc import Iterable, Mapping
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
    """Channels of stems."""

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
        Channels,
        typer.Option(
            "--stems",
            help="Channels of Broadcast WAV stems; mono also gives Ardour and Reaper mono tracks "
            "with pan automation.",
        ),
    ] = Channels.STEREO,
    split: Annotated[
        bool, typer.Option("--split", help="Broadcast WAVs as one mono file a channel.")
    ] = False,
    start: Annotated[
        str | None, typer.Option("--start", help="Timecode of the first frame, 01:00:00:00.")
    ] = None,
    pops: Annotated[
        bool, typer.Option("--pops", help="2-pop before picture and tail pop after it.")
    ] = False,
    handles: Annotated[
        float, typer.Option("--handles", min=0, max=60, help="Seconds before and after picture.")
    ] = 0.0,
    title: Annotated[
        str | None, typer.Option("--title", help="The film's title; the clip's name by default.")
    ] = None,
    reel: Annotated[str, typer.Option("--reel", help="Name of the reel.")] = "1",
    version: Annotated[
        int, typer.Option("--version", min=1, max=99, help="Of this delivery, in split names.")
    ] = 1,
    naming: Annotated[
        str | None,
        typer.Option(
            "--naming",
            help="Stem names from {number} {ucs} {event} {label} {title} {reel} {layer} "
            "{category}; {number:02}_{ucs}_{event} by default.",
        ),
    ] = None,
) -> None:
    """Export a finished session; always with credits, and with notes where there are any."""
    from foley_designer.api.revisions import made_whole
    from foley_designer.core.session.session import Session
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
    words = {"start": start, "title": title, "naming": naming}
    wanted = _kinds(flags, adm or ())
    if back := made_whole(session):
        typer.echo(f"note: put back as it was delivered: {', '.join(back)}", err=True)
    made = write(
        session,
        wanted,
        out or Session(session).path("exports"),
        stems=stems.value,
        layout="split" if split else "interleaved",
        pops=pops,
        handles_s=handles,
        reel=reel,
        version=version,
        **{name: word for name, word in words.items() if word},
    )
    for path in made:
        typer.echo(path)


def _kinds(flags: Mapping[str, bool], adm: Iterable[AdmProfile]) -> list[str]:
    """The kinds of file that are asked for.

    Raises:
        FoleyError: ``option_invalid`` where none is.
    """
    kinds = [name for name, wanted in flags.items() if wanted]
    kinds += [f"adm-{profile.value}" for profile in adm]
    if not kinds:
        raise FoleyError(
            ErrorCode.OPTION_INVALID, "Nothing to export.", "Name a kind, such as --bwf or --otio."
        )
    return kinds
