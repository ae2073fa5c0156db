"""``foley-designer evaluate``: any system's sound for clips, scored beside floors and a ceiling."""

import json
from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="clips/, annotations.json, perhaps reference/, and a folder of WAVs a system."
        ),
    ],
    run: Annotated[
        bool, typer.Option("--run", help="Design the clips that ours/ lacks first.")
    ] = False,
    embedding: Annotated[
        list[str] | None,
        typer.Option(
            "--embedding",
            help="Listen with NAME or NAME=WEIGHTS, such as vggish=FILE; repeatable. By default "
            "those installed with their weights (yamnet, aisfx).",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
) -> None:
    """Score systems by the paper's Tables 1 to 4, beside silence, mono, noise and the original.

    Tables, values and a page with pictures are also written to FOLDER/evaluation.
    """
    from foley_designer.api import evaluation as api
    from foley_designer.cli.commands.bench import named
    from foley_designer.cli.progress import progress_bars
    from foley_designer.evaluate.scoring import LABELS, RESULTS
    from foley_designer.evaluate.tables import markdown, plain

    chosen = None if embedding is None else dict(map(named, embedding))
    with progress_bars(api.LABELS | LABELS) as progress:
        found = api.score(folder, run=run, embeddings=chosen, progress=progress)
    typer.echo(json.dumps(plain(found), indent=1) if as_json else markdown(found), nl=as_json)
    typer.echo(f"Page: {folder / RESULTS / 'index.html'}", err=True)
