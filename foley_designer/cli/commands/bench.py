"""``foley-designer bench``: measurements that anyone can repeat."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Measure parts against what is known.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _group() -> None:
    """Measure parts against what is known."""


@app.command()
def diffusion(
    data: Annotated[Path, typer.Argument(help="FilmStereo set; its test split is held out.")],
    model: Annotated[
        Path | None, typer.Option("--model", help="Folder of weights; by default the one in use.")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=2, help="Prompts at most.")] = 200,
    split: Annotated[str, typer.Option("--split", help="Split of the set.")] = "test",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for sounds and figures of each prompt.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes; 0 takes one a core.")
    ] = 1,
    embedding: Annotated[
        list[str] | None,
        typer.Option(
            "--embedding",
            help="FAD by NAME or NAME=WEIGHTS, such as vggish=FILE; repeatable. By default those "
            "installed with their weights (yamnet, aisfx).",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
) -> None:
    """Compare no cues, cues, and cues with checks on held-out prompts (paper, Table 4)."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.generator.diffusion.bench import LABELS, bench, table

    with progress_bars(LABELS) as progress:
        result = bench(
            data,
            model,
            split=split,
            count=count,
            out=out,
            progress=progress,
            workers=workers,
            embeddings=None if embedding is None else dict(map(named, embedding)),
        )
    typer.echo(json.dumps(result.as_json(), indent=1) if as_json else table(result))


def named(told: str) -> tuple[str, Path | None]:
    """``vggish=FILE`` as name and weights."""
    name, _, weights = told.partition("=")
    return name, Path(weights) if weights else None


@app.command()
def heard(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only sounds whose names hold one of these.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="Sound engine.")] = "synth",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
) -> None:
    """Ask a classifier what every known sound is heard as, beside the library's recordings."""
    from foley_designer.cli.progress import progress_bars
    from foley_designer.generator import heard as gate
    from foley_designer.generator.library.engine import LibraryEngine
    from foley_designer.generator.registry import load_engines, require

    require(engine)
    with progress_bars({gate.STEP: "Hear sounds"}) as progress:
        found = gate.bench(
            load_engines().loaded[engine], LibraryEngine().opened, words or (), progress
        )
    rows = [each._asdict() for each in found]
    typer.echo(json.dumps(rows, indent=1) if as_json else gate.table(found))
