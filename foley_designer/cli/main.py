"""The command line: thin commands over `foley_designer.api`."""

import gc
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from foley_designer import __version__
from foley_designer.cli.commands import (
    bench,
    dataset,
    evaluate,
    export,
    film,
    library,
    mcp,
    models,
    prompts,
    review,
    revision,
    sound,
    spot,
    train,
)
from foley_designer.cli.ending import run
from foley_designer.cli.markers import MarkersOption, fulfilled
from foley_designer.cli.settings import settings_of, with_settings
from foley_designer.core.errors import ExitCode
from foley_designer.core.options import Step

PROGRAM = "foley-designer"

app = typer.Typer(
    name=PROGRAM,
    help="Timed, placed and mixed Foley for silent film clips.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(bench.app, name="bench")
app.add_typer(library.app, name="library")
app.add_typer(models.app, name="models")
app.add_typer(dataset.app, name="dataset")
app.add_typer(film.app, name="film")
app.add_typer(prompts.app, name="prompts")
app.command()(mcp.mcp)
app.command()(evaluate.evaluate)
app.command()(export.export)
app.command()(film.conform)
app.command()(sound.sound)
app.command()(spot.spot)
app.command()(train.train)

ClipArgument = Annotated[
    Path,
    typer.Argument(help="Video file, or images shot_%04d.png; its own sound is never read."),
]
ScriptOption = Annotated[
    Path | None,
    typer.Option("--script", help="Screenplay: Fountain, FDX, text, RTF, VTT, SRT, Word or PDF."),
]
DescribeOption = Annotated[
    str | None, typer.Option("--describe", help='What happens, such as "a hammer forges a spoon".')
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"foley-designer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Timed, placed and mixed Foley for silent film clips."""


@app.command()
@with_settings(Step.MIX)
def design(
    clip: ClipArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder of the session.")],
    script: ScriptOption = None,
    describe: DescribeOption = None,
    spotting: Annotated[
        Path | None,
        typer.Option("--spotting", help="Verdicts on moments, as `spot` has them written."),
    ] = None,
    scenes: Annotated[
        Path | None,
        typer.Option("--scenes", help="The film's scenes: scenes.yaml of a design, edited."),
    ] = None,
    markers: MarkersOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Design anew where the folder holds another design.")
    ] = False,
    as_json: JsonOption = False,
    *,
    chosen: dict[str, Any],
) -> None:
    """Design a clip's Foley: stems, stereo, 5.1, picture with sound, cue sheet and report.

    Started again on the same folder, it goes on where it stopped.
    """
    from foley_designer import api
    from foley_designer.cli.progress import progress_bars
    from foley_designer.cli.summary import allowance, summary
    from foley_designer.core.session.session import Session

    request = api.Request(
        clip=clip, script=script, description=describe, spotting=spotting, scenes=scenes
    )
    settings = settings_of(**chosen)
    if may := allowance(settings):
        typer.echo(may, err=True)
    lines: list[str] = []
    with progress_bars() as progress:
        record = api.design(request, out, settings=settings, progress=progress, replace=replace)
        if markers:
            lines, _ = fulfilled(out, markers, settings, progress)
            record = Session(out).finished()
    if as_json:
        _print_json(record.model_dump(mode="json"))
    else:
        typer.echo("\n".join([summary(out, record), *lines]))


@app.command()
@with_settings(Step.SCRIPT)
def script(
    clip: ClipArgument,
    script: ScriptOption = None,
    describe: DescribeOption = None,
    *,
    chosen: dict[str, Any],
) -> None:
    """Write the Foley script alone, as JSON on standard output."""
    from foley_designer import api
    from foley_designer.cli.progress import progress_bars
    from foley_designer.cli.summary import note_lines

    request = api.Request(clip=clip, script=script, description=describe)
    with progress_bars() as progress:
        sketch = api.sketch(request, settings=settings_of(**chosen), progress=progress)
    for line in note_lines(sketch.notes):
        typer.echo(line, err=True)
    typer.echo(sketch.script.to_json(), nl=False)


@app.command()
@with_settings(Step.SCRIPT)
def cues(
    clip: ClipArgument,
    script: ScriptOption = None,
    describe: DescribeOption = None,
    as_json: JsonOption = False,
    *,
    chosen: dict[str, Any],
) -> None:
    """Show who sounds, when and where: onsets, and azimuth and distance frame by frame."""
    from foley_designer import api
    from foley_designer.cli.progress import progress_bars
    from foley_designer.cli.summary import cue_lines, cue_table

    request = api.Request(clip=clip, script=script, description=describe)
    with progress_bars() as progress:
        sketch = api.sketch(request, settings=settings_of(**chosen), progress=progress)
    _print_json(cue_table(sketch)) if as_json else typer.echo(cue_lines(sketch))


@app.command()
def doctor(
    as_json: JsonOption = False,
    out: Annotated[Path, typer.Option("--out", help="Folder to be tried for writing.")] = Path(),
) -> None:
    """Say what is installed and configured, and what a better part would bring."""
    from foley_designer.cli.doctor import examine, render

    findings = examine(out)
    _print_json([item._asdict() for item in findings]) if as_json else typer.echo(render(findings))
    if any(item.state == "broken" for item in findings):
        raise typer.Exit(ExitCode.MISSING_PART)


@app.command()
def tools(
    http: Annotated[
        bool, typer.Option("--http", help="Streamable HTTP instead of standard input and output.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8931,
    read: Annotated[
        list[Path] | None, typer.Option("--read", help="Folder that tools may read; repeatable.")
    ] = None,
    write: Annotated[
        list[Path] | None, typer.Option("--write", help="Folder that tools may write; repeatable.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", help="Name by which clients reach a wider --host; repeatable."),
    ] = None,
) -> None:
    """Serve the pipeline's tools over MCP, for graphs on other machines."""
    from foley_designer.tools.hosts import host_guard
    from foley_designer.tools.server import build_server, serve_http

    guard = host_guard(host, allow or ())
    server = build_server(tuple(read or [Path()]), tuple(write or []))
    if http:
        typer.echo(f"Tools at http://{host}:{port}/mcp", err=True)
        serve_http(server, host, port, guard)
    else:
        server.run("stdio")


revision.register(app)
app.command()(review.review)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False))


def main() -> None:
    """Run the command line; every anticipated failure is one line and a documented exit code."""
    # The work runs side by side already; BLAS threads of its own only wait for each other then.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Loading makes objects by the hundred thousand that all stay; looking them through after every
    # 700 new ones, as Python does, takes a seventh of a start.
    gc.set_threshold(50_000, 20, 20)
    run(lambda: app(prog_name=PROGRAM))


if __name__ == "__main__":
    main()
