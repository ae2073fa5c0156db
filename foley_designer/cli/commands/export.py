"""``foley-designer export``: what a post house opens, from a finished session."""

import inspect
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.options import taking
from foley_designer.export.registry import built_in

if TYPE_CHECKING:
    from foley_designer.export.bundle import Exported


class Channels(StrEnum):
    """Channels of stems."""

    MONO = "mono"
    STEREO = "stereo"
    SURROUND = "5.1"


def with_formats(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command a flag for each built-in format; it takes them as ``flags``."""
    extra = tuple(
        inspect.Parameter(
            name.replace("-", "_"),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[bool | None, typer.Option(f"--{name}", help=one.help)],
        )
        for name, one in built_in().items()
    )
    return taking(command, extra, into="flags")


SessionArgument = Annotated[Path, typer.Argument(help="Folder of a finished session.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder; exports/ in the session by default.")
]
NamedOption = Annotated[
    list[str] | None,
    typer.Option("--as", help="Format by its name, another package's too; repeatable."),
]
StemsOption = Annotated[
    Channels,
    typer.Option(
        "--stems",
        help="Channels of Broadcast WAV stems; mono also gives Ardour and Reaper mono tracks "
        "with pan automation.",
    ),
]
SplitOption = Annotated[
    bool, typer.Option("--split", help="Broadcast WAVs as one mono file a channel.")
]
StartOption = Annotated[
    str | None, typer.Option("--start", help="Timecode of the first frame, 01:00:00:00.")
]
PopsOption = Annotated[
    bool, typer.Option("--pops", help="2-pop before picture and tail pop after it.")
]
HandlesOption = Annotated[
    float, typer.Option("--handles", min=0, max=60, help="Seconds before and after picture.")
]
TitleOption = Annotated[
    str | None, typer.Option("--title", help="The film's title; the clip's name by default.")
]
ReelOption = Annotated[str, typer.Option("--reel", help="Name of the reel.")]
VersionOption = Annotated[
    int, typer.Option("--version", min=1, max=99, help="Of this delivery, in split names.")
]
NamingOption = Annotated[
    str | None,
    typer.Option(
        "--naming",
        help="Stem names from {number} {ucs} {event} {label} {title} {reel} {layer} "
        "{category}; {number:02}_{ucs}_{event} by default.",
    ),
]


@with_formats
def export(
    session: SessionArgument,
    out: OutOption = None,
    named: NamedOption = None,
    stems: StemsOption = Channels.STEREO,
    split: SplitOption = False,
    start: StartOption = None,
    pops: PopsOption = False,
    handles: HandlesOption = 0.0,
    title: TitleOption = None,
    reel: ReelOption = "1",
    version: VersionOption = 1,
    naming: NamingOption = None,
    *,
    flags: dict[str, bool],
) -> None:
    """Export a finished session; always with credits, and with notes if there are any.

    What is written is opened again, and every reference followed, before it takes its place.
    """
    from foley_designer.api.revisions import made_whole
    from foley_designer.core.session.session import Session
    from foley_designer.export.bundle import export as write

    wanted = _wanted(flags, named or [])
    words = {"start": start, "title": title, "naming": naming}
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
    _tell(made)


def _wanted(flags: dict[str, bool], named: list[str]) -> list[str]:
    """Names of the formats that were asked for.

    Raises:
        FoleyError: ``option_invalid`` if none was.
    """
    wanted = [name.replace("_", "-") for name, is_wanted in flags.items() if is_wanted] + named
    if not wanted:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "Nothing to export.",
            "Name a format, such as --bwf or --otio.",
        )
    return wanted


def _tell(made: "Exported") -> None:
    """Say what was written, what was decided, and what was found right."""
    from foley_designer.cli.summary import note_lines

    for path in made.paths:
        typer.echo(path)
    for line in note_lines(made.notes):
        typer.echo(line)
    if made.checked:
        counts = ", ".join(f"{name} {count}" for name, count in made.checked.items())
        typer.echo(f"Opened again, all references right: {counts}")
