"""Commands that change a finished session: revise, chat, undo, redo, revisions, preferences."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foley_designer.cli.markers import MarkersOption, fulfilled
from foley_designer.cli.settings import settings_of
from foley_designer.core.errors import ErrorCode, FoleyError

if TYPE_CHECKING:
    from foley_designer.api.measured_stems import StemChange
    from foley_designer.api.revisions import RevisionResult
    from foley_designer.api.versions import Comparison
    from foley_designer.core.revision.diff import Diff

SessionArgument = Annotated[Path, typer.Argument(help="Folder of a finished design.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
FAREWELLS = frozenset({"quit", "exit", "bye"})


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (revise, chat, undo, redo, revisions, preferences):
        app.command()(command)


def revise(
    session: SessionArgument,
    request: Annotated[
        str, typer.Argument(help='What to change, such as "the second footstep quieter".')
    ] = "",
    markers: MarkersOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Change a session by plain words, or by markers; only what it touches is rendered."""
    from foley_designer.api import revisions as api_revision
    from foley_designer.cli.progress import progress_bars

    if markers:
        with progress_bars() as progress:
            lines, plain = fulfilled(session, markers, settings_of(), progress)
        typer.echo(_dumped(plain) if as_json else "\n".join(lines))
    if not request:
        if not markers:
            raise FoleyError(ErrorCode.OPTION_INVALID, "Nothing is asked.", "Say what to change.")
        return
    with progress_bars() as progress:
        result = api_revision.revise(
            session,
            request,
            approve=yes or _approve,
            choose=_choose,
            confirm=_approve,
            progress=progress,
        )
    typer.echo(_plain(result) if as_json else told(result))


def chat(
    session: SessionArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
) -> None:
    """Change a session line by line; an empty line or "quit" ends it."""
    from foley_designer.api import revisions as api_revision

    focus: Sequence[str] = ()
    pending = ""
    while (request := _read("> ")) and request.lower() not in FAREWELLS:
        try:
            result = api_revision.revise(
                session,
                request,
                approve=yes or _approve,
                choose=_choose,
                confirm=_approve,
                focus=focus,
                pending=pending,
            )
        except FoleyError as error:
            if error.code not in _GOES_ON:
                raise
            typer.echo(str(error))
            pending = request
            continue
        pending = ""
        if result.diff is not None:
            focus = (*result.diff.rendered, *result.diff.mixed) or focus
        typer.echo(told(result))


_GOES_ON = frozenset(
    {ErrorCode.REVISION_UNCLEAR, ErrorCode.REVISION_INVALID, ErrorCode.NEEDS_REVIEW}
)
"""Failures after which a conversation goes on."""


def undo(session: SessionArgument, as_json: JsonOption = False) -> None:
    """Take the last revision back: the one before is delivered again, byte for byte."""
    from foley_designer.api import revisions as api_revision

    result = api_revision.undo(session)
    typer.echo(_plain(result) if as_json else told(result))


def redo(session: SessionArgument, as_json: JsonOption = False) -> None:
    """Do again what was undone last."""
    from foley_designer.api import revisions as api_revision

    result = api_revision.redo(session)
    typer.echo(_plain(result) if as_json else told(result))


def revisions(
    session: SessionArgument,
    to: Annotated[
        str | None, typer.Option("--to", help="Deliver this revision again, by its id or name.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Give the current revision this name.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Compare the current revision with this one."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List a session's revisions, name one, deliver one again, compare two."""
    from foley_designer.api import revisions as api_revision
    from foley_designer.api import versions as api_version

    if to:
        api_revision.go_to(session, to)
    if name:
        api_version.name(session, name)
    if against:
        compared = api_version.compare(session, against)
        typer.echo(_dumped(_compared(compared)) if as_json else "\n".join(_told_apart(compared)))
        return
    log = api_revision.history(session)
    if as_json:
        typer.echo(_dumped([_entry(revision) for revision in log]))
        return
    for revision in log:
        names = f"  [{', '.join(revision.names)}]" if revision.names else ""
        star = "*" if revision.is_current else " "
        typer.echo(f"{star} {revision.id}  {revision.request}{names}")


def preferences(
    forget: Annotated[
        str | None, typer.Option("--forget", help="Take the default of one again.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was stated for good, such as "from now on quieter means 4 dB"."""
    from foley_designer.core.settings import Settings
    from foley_designer.memory import preferences as memory

    folder = Settings().data_dir
    wishes = memory.load(folder)
    if forget:
        wishes = wishes.forget(forget)
        memory.save(wishes, folder)
    if as_json:
        typer.echo(_dumped([wish.model_dump(mode="json") for wish in wishes.list()]))
        return
    for wish in wishes.list():
        said = f'  "{wish.statement}"' if wish.statement else ""
        typer.echo(f"{wish.key:12} {wish.value!s:10} {memory.KINDS[wish.key].meaning}{said}")


def told(result: "RevisionResult") -> str:
    """What a request did, in lines: the changes, and what was measured before and after."""
    if result.preference:
        return f"Remembered: {result.preference}."
    lines = [*result.diff.lines, *result.diff.notes] if result.diff else []
    lines += [_measured(stem) for stem in result.stems]
    if result.mix:
        before, after = (_number(mix.integrated_lufs) for mix in result.mix)
        lines.append(f"mix: {before} → {after} LUFS")
    return "\n".join([*lines, f"Now at revision {result.revision}."])


def _measured(stem: "StemChange") -> str:
    if stem.before is None or stem.after is None:
        return f"{stem.event_id}: {'new' if stem.after else 'gone'}"
    before, after = stem.before, stem.after
    return (
        f"{stem.event_id}: {_number(before.loudness_lufs)} → {_number(after.loudness_lufs)} LUFS "
        f"in the premaster, brightness {before.centroid_hz:.0f} → {after.centroid_hz:.0f} Hz"
    )


def _told_apart(compared: "Comparison") -> list[str]:
    """Two versions compared, in lines, with the two mixes to listen to."""
    first, second = compared.first, compared.second
    before, after = (_number(one.loudness.integrated_lufs) for one in (first, second))
    return [
        *compared.diff.lines,
        *(_measured(stem) for stem in compared.stems),
        f"mix: {before} → {after} LUFS",
        f"A {first.id}: {first.mix}",
        f"B {second.id}: {second.mix}",
    ]


def _compared(compared: "Comparison") -> dict[str, Any]:
    """Two versions compared, for programs."""
    from dataclasses import asdict

    sides = {"a": compared.first, "b": compared.second}
    return {
        "diff": compared.diff.model_dump(mode="json"),
        "stems": [asdict(stem) for stem in compared.stems],
    } | {
        side: {
            "revision": one.id,
            "mix": str(one.mix),
            "loudness": one.loudness.model_dump(mode="json", exclude={"short_term_lufs"}),
        }
        for side, one in sides.items()
    }


def _approve(diff: "Diff") -> bool:
    """Show the changes and ask; without an answer it is no."""
    for line in (*diff.lines, *diff.notes):
        typer.echo(line, err=True)
    if diff.rendered:
        typer.echo(f"To be rendered: {', '.join(diff.rendered)}", err=True)
    return _read("Apply? [y/N] ").lower() in {"y", "yes"}


def _choose(question: str, options: Sequence[str]) -> int | None:
    """Ask which reading is meant."""
    typer.echo(question, err=True)
    for number, option in enumerate(options, start=1):
        typer.echo(f"  {number}: {option}", err=True)
    answer = _read("Which? ")
    return int(answer) if answer.isdigit() else None


def _read(prompt: str) -> str:
    """A line of standard input, empty at its end."""
    if sys.stdin.isatty():
        typer.echo(prompt, nl=False, err=True)
    return sys.stdin.readline().strip()


def _entry(revision: Any) -> dict[str, Any]:
    operations = [item.model_dump(mode="json") for item in revision.operations]
    return {**vars(revision), "operations": operations}


def _plain(result: "RevisionResult") -> str:
    from dataclasses import asdict

    plain = asdict(result)
    plain["operations"] = [item.model_dump(mode="json") for item in result.operations]
    plain["diff"] = result.diff.model_dump(mode="json") if result.diff else None
    plain["mix"] = [mix.model_dump(mode="json") for mix in result.mix] if result.mix else None
    return _dumped(plain)


def _dumped(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def _number(value: float | None) -> str:
    return "not measurable" if value is None else f"{value:.1f}"
