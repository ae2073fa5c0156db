"""``foley-designer film``: a film of many scenes, designed, resumed, looked at."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from foley_designer.cli.markers import MarkersOption
from foley_designer.cli.settings import settings_of, with_settings
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.options import Step

if TYPE_CHECKING:
    from foley_designer.core.work.pool import Pool
    from foley_designer.film.making import Conforming, Made, SceneStatus


class _Films(TyperGroup):
    """A group whose first command is meant if none is named."""

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
    markers: MarkersOption = None,
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
        made = make_film(
            out, reels, script, work, title=title, only=only or (), markers=markers or ()
        )
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


@app.command()
def wish(
    folder: Annotated[Path, typer.Argument(help="Folder of the film.")],
    timecode: Annotated[str, typer.Argument(help="Timecode of the reel.")] = "",
    words: Annotated[
        str,
        typer.Argument(help='What is wished there: "door slam", "Anna limps from here on".'),
    ] = "",
    markers: MarkersOption = None,
    workers: WorkersOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Do what is wished at a timecode: in that scene, or of a character from there on."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.film import making
    from foley_designer.film.wishes import listed, typed

    if not (timecode and words) and not markers:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "Nothing is wished.",
            'Give a timecode and words: film wish FOLDER 01:00:10:00 "door slam"; or --markers.',
        )
    sources = [typed(timecode, words)] if words else []
    sources += [listed(path) for path in markers or ()]
    with progress_bars(making.LABELS) as progress:
        work = making.Work(settings_of(), pool_of(workers, None), progress)
        made = making.wish(folder, sources, work)
    show_made(folder, made, as_json=as_json)


@app.command()
def undo(
    folder: Annotated[Path, typer.Argument(help="Folder of the film.")],
    workers: WorkersOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Take the last conform back: the film is as it was in the cut before."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.film.making import LABELS, Work, undo_cut

    with progress_bars(LABELS) as progress:
        made = undo_cut(folder, Work(settings_of(), pool_of(workers, None), progress))
    show_made(folder, made, as_json=as_json)


@with_settings(Step.MIX)
def conform(
    folder: Annotated[Path, typer.Argument(help="Folder of the film.")],
    reel: Annotated[Path, typer.Argument(help="Picture of the new cut.")],
    number: Annotated[int, typer.Option("--reel", min=1, help="Number of the reel.")] = 1,
    edl: Annotated[
        Path | None, typer.Option("--edl", help="Change list on the old reel: CMX 3600.")
    ] = None,
    otio: Annotated[
        Path | None, typer.Option("--otio", help="Change list on the old reel: OTIO.")
    ] = None,
    fcpxml: Annotated[
        Path | None, typer.Option("--fcpxml", help="Change list on the old reel: FCPXML.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    markers: MarkersOption = None,
    formats: FormatsOption = None,
    workers: WorkersOption = 0,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
    *,
    chosen: dict[str, Any],
) -> None:
    """Bring a new cut of a reel into a film: sounds follow their picture, what is new is designed.

    Without a list, pictures are compared. `film undo` takes it back.
    """
    from foley_designer.cli.progress import progress_bars
    from foley_designer.film.making import LABELS, Work, conform_film

    lists = [path for path in (edl, otio, fcpxml) if path is not None]
    if len(lists) > 1:
        raise FoleyError(ErrorCode.OPTION_INVALID, "More than one change list.", "Give one.")
    with progress_bars(LABELS) as progress:
        done = conform_film(
            folder,
            reel,
            Work(settings_of(**chosen), pool_of(workers, cluster), progress),
            number=number,
            change_list=lists[0] if lists else None,
            dry_run=dry_run,
            markers=markers or (),
        )
    if not as_json:
        for line in _changed(done):
            typer.echo(line)
    if dry_run and as_json:
        typer.echo(json.dumps([row._asdict() for row in done.rows], indent=1, ensure_ascii=False))
    if not dry_run:
        paths = [*done.paths, *deliver(folder, done.made, formats or ())]
        show_made(folder, done.made, as_json=as_json, paths=paths)


def _changed(done: "Conforming") -> list[str]:
    """How many shots and events are in each state, and what is to be checked."""
    lines = []
    for what in ("shot", "event"):
        states = Counter(row.state.value for row in done.rows if row.what == what)
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        if told:
            lines.append(f"{what}s: {told}")
    lines += [
        f"check {row.new_tc or row.old_tc} {row.name} ({row.scene}): {row.check}"
        for row in done.rows
        if row.what == "event" and row.check
    ]
    return lines


def pool_of(workers: int, cluster: str | None) -> "Pool":
    """Where scenes are made."""
    from foley_designer.core.work.pool import LocalPool, RayPool
    from foley_designer.film.scene_design import READY

    if cluster is None:
        return LocalPool(workers, READY)
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
        FoleyError: ``tool_failed`` if scenes could not be made.
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
