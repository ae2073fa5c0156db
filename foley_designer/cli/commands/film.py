"""``foley-designer film``: a film of many scenes, designed, resumed, looked at."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from foley_designer.cli.settings import settings_of, with_settings
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.options import Step

if TYPE_CHECKING:
    from foley_designer.core.pool import Pool
    from foley_designer.film.making import Made, SceneStatus


class _Films(TyperGroup):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``make`` before arguments that begin with a reel."""
        if args and args[0] not in self.commands and args[0] not in ("--help",):
            args = ["make", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Films,
    help="Design a film of many scenes: film REEL… --script SCRIPT --out FOLDER.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, help="Processes; 0 takes one a core.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="Address of a Ray cluster that shares the folder; local: here."),
]
FormatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--as",
        help="Format of each reel: bwf, aaf, otio, ardour, reaper, adm-ebu and so on; repeatable.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.callback()
def _group() -> None:
    """Design a film of many scenes: film REEL… --script SCRIPT --out FOLDER."""


@app.command()
@with_settings(Step.MIX)
def make(
    reels: Annotated[list[Path], typer.Argument(help="Pictures of the reels, in order.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the film.")],
    script: Annotated[
        Path | None, typer.Option("--script", help="Screenplay of the whole film.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The film's title.")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help='Scene to design, such as "scene 12"; repeatable.'),
    ] = None,
    formats: FormatsOption = None,
    workers: WorkersOption = 0,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
    *,
    chosen: dict[str, Any],
) -> None:
    """Design a film: every scene a session, every reel predubs, stereo, 5.1, cue sheet and report.

    Started again on the same folder, it goes on where it stopped, and makes what changed.
    """
    from foley_designer.cli.progress import progress_bars
    from foley_designer.film.making import LABELS, Work, make_film

    with progress_bars(LABELS) as progress:
        work = Work(settings_of(**chosen), pool_of(workers, cluster), progress)
        made = make_film(out, reels, script, work, title=title, only=only or ())
    show_made(out, made, as_json=as_json, paths=deliver(out, made, formats or ()))


@app.command()
def status(
    folder: Annotated[Path, typer.Argument(help="Folder of the film.")],
    as_json: JsonOption = False,
) -> None:
    """Say how far each scene is."""
    from foley_designer.film.folder import FilmFolder
    from foley_designer.film.making import status as status_of

    scenes = status_of(FilmFolder(folder), settings_of())
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in scenes], indent=1, ensure_ascii=False))
        return
    for one in scenes:
        typer.echo(_line(one))
    left = sum(one.seconds for one in scenes if one.state in ("waiting", "written", "failed"))
    typer.echo(f"{len(scenes)} scenes; {left:.0f} s of picture remain.")


def pool_of(workers: int, cluster: str | None) -> "Pool":
    """Where scenes are made."""
    from foley_designer.core.pool import LocalPool, RayPool

    if cluster is None:
        return LocalPool(workers)
    return RayPool(None if cluster == "local" else cluster, workers)


def deliver(out: Path, made: "Made", formats: Sequence[str]) -> list[Path]:
    """Deliver all reels in some formats; raises as `foley_designer.export.bundle.export`."""
    from foley_designer.export.bundle import export
    from foley_designer.film.folder import FilmFolder

    paths: list[Path] = []
    for reel in made.film.reels if formats else ():
        session = FilmFolder(out).reel(reel)
        where = session.path("delivery")
        title, number = made.film.title, str(reel.number)
        paths += export(session.root, formats, where, title=title, reel=number).paths
    return paths


def show_made(out: Path, made: "Made", *, as_json: bool, paths: Sequence[Path] = ()) -> None:
    """Print what a run left, and fail if scenes did.

    Args:
        out: the film's folder.
        made: what the run left.
        as_json: print one JSON document.
        paths: what was delivered.

    Raises:
        FoleyError: ``tool_failed`` where scenes could not be made.
    """
    from foley_designer.cli.summary import note_lines

    if as_json:
        plain = {
            "folder": str(out),
            "scenes": [scene.id for scene in made.film.shown],
            "made": made.scenes,
            "assembled": made.reels,
            "failed": made.failed,
            "delivered": [str(path) for path in paths],
            "unplaced": made.film.unplaced,
            "notes": [note.model_dump(mode="json") for note in made.notes],
        }
        typer.echo(json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False))
    else:
        scenes = len(made.film.shown)
        typer.echo(f"{out}: {scenes} scenes, {made.scenes} steps of them made now.")
        for reel in made.film.reels:
            again = "assembled" if reel.name in made.reels else "as it was"
            typer.echo(f"{reel.name}: {again}; {out / 'reels' / reel.name / 'film_report.html'}")
        for path in paths:
            typer.echo(path)
        for line in note_lines(made.notes):
            typer.echo(line)
    if made.failed:
        first = next(iter(made.failed.items()))
        raise FoleyError(
            ErrorCode.TOOL_FAILED,
            f"{len(made.failed)} scene(s) could not be made; {first[0]}: {first[1]}",
            "The others are kept; the same command tries those again.",
        )


def _line(one: "SceneStatus") -> str:
    reason = f"  {one.reason}" if one.reason else ""
    return f"{one.number:4} {one.id:8} {one.state:8} {one.seconds:7.1f} s  {one.title}{reason}"
