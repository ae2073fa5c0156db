"""``--markers``: lists of what editors wrote at a timecode, done in a session."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from foley_designer.core.progress import Progress
    from foley_designer.core.settings import Settings

MarkersOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--markers",
        help="Markers to be spotted: EDL with locators, OTIO, CSV, Pro Tools text; repeatable.",
    ),
]


def fulfilled(
    folder: Path, paths: Sequence[Path], settings: "Settings", progress: "Progress"
) -> tuple[list[str], list[dict[str, Any]]]:
    """Do what lists of markers wish of a session; lines to show, and the same as plain data."""
    from foley_designer.api.wishes import fulfil, read_markers
    from foley_designer.cli.summary import note_lines

    wishes, notes = read_markers(paths, folder)
    done = fulfil(folder, wishes, settings=settings, progress=progress)
    lines = [
        f"{'done' if one.done else 'left to you':12} {one.time_s:8.2f} s  {one.text}: {one.outcome}"
        for one in done
    ]
    if len(done) < len(wishes):
        lines.append(f"{len(wishes) - len(done)} markers were read before.")
    plain = [one.model_dump(mode="json", exclude_none=True) for one in done]
    return [*lines, *note_lines(notes)], plain
