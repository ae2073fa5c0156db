"""``foley-designer prompts``: what agents are told, and where it comes from."""

from typing import TYPE_CHECKING, Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError

if TYPE_CHECKING:
    from foley_designer.prompts.store import PromptStore

app = typer.Typer(
    help="Show, check and compare the prompts in effect.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PromptArgument = Annotated[str, typer.Argument(help="Id of a prompt, such as scribe/propose.")]


@app.command("list")
def list_prompts() -> None:
    """List the prompts in effect: id, version, hash and layer."""
    store, _ = _inspect()
    for prompt_id in store.ids:
        prompt = store.get(prompt_id)
        typer.echo(f"{prompt.provenance:<44} {prompt.layer}")


@app.command()
def show(prompt_id: PromptArgument) -> None:
    """Print a prompt as it is in effect."""
    store, _ = _inspect()
    typer.echo(store.get(prompt_id).text, nl=False)


@app.command()
def check() -> None:
    """Check all layers and list every problem."""
    store, errors = _inspect()
    for error in errors:
        typer.echo(str(error), err=True)
    if errors:
        raise FoleyError(
            ErrorCode.PROMPT_INVALID, f"{len(errors)} prompt files are wrong.", "See above."
        )
    typer.echo(f"{len(store.ids)} prompts are fine.")


@app.command()
def diff(prompt_id: PromptArgument) -> None:
    """Show what your layers changed against the built-in prompt."""
    store, _ = _inspect()
    typer.echo(store.diff(prompt_id), nl=False)


def _inspect() -> "tuple[PromptStore, tuple[FoleyError, ...]]":
    from foley_designer.core.settings import CONFIG_HOME, Settings
    from foley_designer.prompts.store import inspect

    return inspect(CONFIG_HOME / "prompts", Settings().prompts_dir)
