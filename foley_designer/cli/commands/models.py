"""``foley-designer models``: the models that diffusion can run on, fetched and checked."""

import json
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError

app = typer.Typer(
    help="List, fetch and check the models that diffusion can run on.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(help="As `models list` names it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List base models with their licences, position-aware models, and what is here."""
    from foley_designer.generator.diffusion.catalogue import inventory

    found = inventory()
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in found], indent=1))
        return
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
    """Fetch a base model from the Hugging Face hub, once its licence is accepted."""
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
