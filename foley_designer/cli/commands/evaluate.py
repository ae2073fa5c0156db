"""``foley-designer evaluate``: any system's sound for clips, scored beside floors and a ceiling."""

import json
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError

FolderArgument = Annotated[
    Path,
    typer.Argument(
        help="clips/, annotations.json, perhaps reference/, and a folder of WAVs a system."
    ),
]
RunOption = Annotated[bool, typer.Option("--run", help="Design the clips that ours/ lacks first.")]
EmbeddingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--embedding",
        help="Listen with NAME or NAME=WEIGHTS, such as vggish=FILE; repeatable. By default "
        "those installed with their weights (yamnet, aisfx).",
    ),
]
JudgeOption = Annotated[
    int,
    typer.Option(
        "--judge",
        min=0,
        help="Ask the configured model, which must hear, so often for each SRS and CCS.",
    ),
]
CounterfactualsOption = Annotated[
    bool,
    typer.Option(
        "--counterfactuals",
        help="Score pairs in which one thing changes, FOLDER/PAIR/a.wav and b.wav; "
        "with --run, made by us where they lack.",
    ),
]
ListenOption = Annotated[
    Path | None,
    typer.Option("--listen", help="Write a blind listening test of FOLDER's systems here."),
]
MethodOption = Annotated[str, typer.Option("--method", help="Of the test: pairs or mushra.")]
TrialsOption = Annotated[
    int | None, typer.Option("--trials", min=1, help="Trials of the test at most.")
]
SurroundOption = Annotated[
    bool, typer.Option("--surround", help="Keep 5.1 files in the test as they are.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Of the test's order.")]
ResultsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--listen-results",
        help="CSV that the page saved; repeatable. FOLDER is then the test's.",
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, help="Processes; 0 takes one a core.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def evaluate(
    folder: FolderArgument,
    run: RunOption = False,
    embedding: EmbeddingOption = None,
    judge: JudgeOption = 0,
    counterfactuals: CounterfactualsOption = False,
    listen: ListenOption = None,
    method: MethodOption = "pairs",
    trials: TrialsOption = None,
    surround: SurroundOption = False,
    seed: SeedOption = 0,
    listen_results: ResultsOption = None,
    workers: WorkersOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Score systems by the paper's Tables 1 to 4, beside silence, mono, noise and the original.

    Tables, values and a page with pictures are also written to FOLDER/evaluation.
    """
    if listen_results:
        _results(folder, listen_results, as_json)
    elif listen:
        _listen(folder, listen, method, trials, surround, seed)
    elif counterfactuals:
        _counterfactuals(folder, run, as_json)
    else:
        _tables(folder, run, embedding, judge, workers, as_json)


def _tables(
    folder: Path,
    run: bool,
    embedding: list[str] | None,
    judge: int,
    workers: int,
    as_json: bool,
) -> None:
    from foley_designer.api import evaluation as api
    from foley_designer.cli.commands.bench import named
    from foley_designer.cli.progress import progress_bars
    from foley_designer.evaluate.scoring import LABELS, RESULTS
    from foley_designer.evaluate.tables import markdown, plain

    chosen = None if embedding is None else dict(map(named, embedding))
    with progress_bars(api.LABELS | LABELS) as progress:
        found = api.score(
            folder,
            run=run,
            embeddings=chosen,
            judge_repeats=judge,
            workers=workers,
            progress=progress,
        )
    typer.echo(json.dumps(plain(found), indent=1) if as_json else markdown(found), nl=as_json)
    typer.echo(f"Page: {folder / RESULTS / 'index.html'}", err=True)


def _counterfactuals(folder: Path, run: bool, as_json: bool) -> None:
    from foley_designer.cli.progress import progress_bars
    from foley_designer.evaluate.counterfactuals.scoring import markdown, plain, score

    if run:
        from foley_designer.api.counterfactuals import LABELS, make_pairs

        with progress_bars(LABELS) as progress:
            remarks = make_pairs(folder, progress=progress)
        for each in remarks:
            typer.echo(f"note: {each.clip}: {each.text}", err=True)
    found = score(folder)
    typer.echo(json.dumps(plain(found), indent=1) if as_json else markdown(found), nl=as_json)


def _listen(
    folder: Path, out: Path, method: str, trials: int | None, surround: bool, seed: int
) -> None:
    from foley_designer.cli.progress import progress_bars
    from foley_designer.evaluate.listening.export import KEY, LABELS, PAGE, Options, write_test
    from foley_designer.evaluate.listening.plan import Method

    if method not in list(Method):
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"No method is called {method!r}.",
            f"Known: {', '.join(Method)}.",
        )
    options = Options(Method(method), count=trials, seed=seed, surround=surround)
    with progress_bars(LABELS) as progress:
        remarks = write_test(folder, out, options, progress)
    for each in remarks:
        typer.echo(f"note: {each.system} {each.clip}: {each.text}".replace("  ", " "), err=True)
    typer.echo(f"Open {out / PAGE}; keep {out / KEY} from listeners.")


def _results(folder: Path, files: list[Path], as_json: bool) -> None:
    from foley_designer.evaluate.listening.results import markdown, plain, read_results

    found = read_results(folder, files)
    typer.echo(plain(found) if as_json else markdown(found), nl=as_json)
