"""``foley-designer library``: the user's own recordings, indexed and searched."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foley_designer.cli.settings import settings_of
from foley_designer.core.errors import ErrorCode, FoleyError

if TYPE_CHECKING:
    from foley_designer.generator.library.search import Library, Match

app = typer.Typer(
    help="Index your own recordings, so that events are performed from them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

MOST_NAMED = 20
"""Files named one by one after an addition."""

FolderArgument = Annotated[Path, typer.Argument(help="Folder of sounds, with all below it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.command()
def add(folder: FolderArgument) -> None:
    """Index a folder of sound files (WAV, FLAC, MP3, M4A); again, only what is new or changed."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.generator.library.adding import STEP, add_folder
    from foley_designer.generator.library.engine import configured_clap, embedded_cards

    place = _place()
    with progress_bars({STEP: "Listen to recordings"}) as progress:
        added = add_folder(folder, place, embedded_cards(place), progress, configured_clap())
    for path, note in added.odd[:MOST_NAMED]:
        typer.echo(f"note: {path}: {note}", err=True)
    for refused in added.refused[:MOST_NAMED]:
        typer.echo(f"left out: {refused.path}: {refused.reason}", err=True)
    typer.echo(
        f"{added.read} recordings read, {added.unchanged} unchanged, {added.gone} gone, "
        f"{len(added.refused)} left out."
    )


@app.command()
def starter(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Debian packages that you have; fetched by apt-get if none are given."),
    ] = None,
    share_alike: Annotated[
        bool,
        typer.Option("--share-alike", help="Sounds under CC BY-SA too: share what you make alike."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Fetch freely licensed recordings out of game packages into the library."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.core.settings import Settings
    from foley_designer.generator.library.adding import STEP, add_folder
    from foley_designer.generator.library.engine import configured_clap, embedded_cards
    from foley_designer.generator.library.starter import install as starting

    names = starting.packages(share_alike)
    size = sum(starting.PACKAGE_MB[name] for name in names)
    if not files and not yes:
        count = len(starting.allowed(share_alike))
        typer.echo(f"{count} sounds out of {', '.join(names)}: {size} MB by apt-get, no root.")
        typer.confirm("Fetch them?", abort=True)
    folder, place = Settings().data_dir / starting.FOLDER_NAME, _place()
    with progress_bars({starting.STEP: "Fetch", STEP: "Listen to recordings"}) as progress:
        done = starting.install(folder, files or (), share_alike=share_alike, progress=progress)
        add_folder(folder, place, embedded_cards(place), progress, configured_clap())
    for member in done.unmatched[:MOST_NAMED]:
        typer.echo(f"left out: {member}: not in these packages, or another version", err=True)
    typer.echo(f"{done.sounds} sounds in {folder}, with their credits.")


@app.command("list")
def list_folders(as_json: JsonOption = False) -> None:
    """List the added folders, and the files in them that can't be used."""
    from foley_designer.generator.library.catalogue import Catalogue

    catalogue = Catalogue(_place())
    roots, refused = catalogue.roots(), catalogue.refused()
    if as_json:
        folders = [root._asdict() for root in roots]
        files = [{"path": each.path, "reason": each.reason} for each in refused]
        typer.echo(json.dumps({"folders": folders, "left_out": files}, indent=1))
        return
    for root in roots:
        typer.echo(f"{root.recordings:>7} recordings  {root.path}")
    for each in refused:
        typer.echo(f"left out: {each.path}: {each.reason}")
    if not roots:
        typer.echo("The library is empty. `foley-designer library add FOLDER` fills it.")


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help='Such as "heavy door, slammed".')] = None,
    like: Annotated[
        Path | None, typer.Option("--like", help="Find what sounds like this file instead.")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many to show.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Find recordings by meaning, or by sound with --like."""
    matches = _found(_library(), text, like, count)
    if as_json:
        found = [
            {"similarity": round(match.similarity, 4)} | match.recording.model_dump(mode="json")
            for match in matches
        ]
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for match in matches:
        recording = match.recording
        typer.echo(
            f"{match.similarity:.2f}  {recording.traits.duration_s:6.1f} s  {recording.path}"
        )
        typer.echo(f"      {recording.text[:100]} ({recording.credit})")


@app.command()
def check() -> None:
    """Name recordings that sound unlike the others of their folder: they may be mislabelled."""
    from foley_designer.generator.library.playing.misfits import find_misfits

    misfits = find_misfits(_library())
    for misfit in misfits:
        typer.echo(f"{misfit.path}: sounds like {misfit.sounds_like} ({misfit.ratio:.1f})")
    typer.echo(f"{len(misfits)} recordings sound unlike their folder.")


@app.command()
def remove(folder: FolderArgument) -> None:
    """Forget a folder's recordings; the files stay where they are."""
    from foley_designer.generator.library.adding import remove_folder

    count = remove_folder(folder, _place())
    typer.echo(f"{count} files forgotten.")


def _library() -> "Library":
    from foley_designer.generator.library.engine import configured_clap, embedded_cards
    from foley_designer.generator.library.search import Library

    place = _place()
    library = Library(place, embedded_cards(place), configured_clap())
    if not len(library):
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "The library is empty.",
            "`foley-designer library add FOLDER` fills it.",
        )
    return library


def _place() -> Path:
    """Where the library is kept."""
    from foley_designer.generator.library.engine import FOLDER_NAME

    folder: Path = settings_of().data_dir / FOLDER_NAME
    return folder


def _found(
    library: "Library", text: str | None, like: Path | None, count: int
) -> "tuple[Match, ...]":
    from foley_designer.generator.library.descriptors import sound_vector
    from foley_designer.generator.library.indexing import listen

    if (text is None) == (like is None):
        raise FoleyError(
            ErrorCode.OPTION_INVALID, "Search needs words, or --like and a file: one of the two."
        )
    if like is not None:
        return library.by_sound(sound_vector(listen(like).traits), count)
    return library.by_meaning(text or "", count)
