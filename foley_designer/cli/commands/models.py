"""``foley-designer models``: models that make sound and models that see, fetched and checked."""

import json
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError

app = typer.Typer(
    help="List, fetch and check models: sound for diffusion, hands and bodies for seeing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HANDS = "hands"
"""Name of the models of hands and bodies."""

NameArgument = Annotated[str, typer.Argument(help="As `models list` names it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List models with their licences, and which are here."""
    from foley_designer.generator.diffusion.catalogue import inventory

    found = inventory()
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in found] + [_hands_row()], indent=1))
        return
    hands = _hands_row()
    typer.echo(f"{'✓' if hands['here'] else '·'} {HANDS:<26} {hands['says']} — {hands['licence']}")
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
    """Fetch a model: a base model once its licence is accepted, or hands and bodies by pip."""
    if name == HANDS:
        _pull_hands()
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


def _hands_row() -> dict[str, object]:
    """What `list` says of the models of hands and bodies."""
    from foley_designer.core.settings import Settings
    from foley_designer.vision.models import people_files

    folder = Settings().data_dir
    return {
        "name": HANDS,
        "here": people_files.missing(folder) is None,
        "says": "bodies and hands, so that contacts are seen where someone acts (35 MB, by pip)",
        "licence": people_files.LICENCE,
        "folder": str(people_files.folder_of(folder)),
    }


def _pull_hands() -> None:
    from foley_designer.core.settings import Settings
    from foley_designer.vision.models import people_files

    data_dir = Settings().data_dir
    typer.echo(f"{HANDS}: 35 MB, {people_files.PACKAGE}, licence {people_files.LICENCE}")
    typer.echo(f"{people_files.pull(data_dir)}: fetched")
    if (still := people_files.missing(data_dir)) is not None:
        typer.echo(still)
