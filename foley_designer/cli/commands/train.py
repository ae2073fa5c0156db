"""``foley-designer train``: a position-aware model, from a configuration."""

from pathlib import Path
from typing import Annotated

import typer

from foley_designer.core.errors import ErrorCode, FoleyError


def train(
    config: Annotated[Path, typer.Argument(help="TOML file; docs/diffusion.md has two.")],
    minutes: Annotated[
        float | None, typer.Option("--minutes", min=0.01, help="Stop and save after so long.")
    ] = None,
) -> None:
    """Train: stage 1 the autoencoder, stage 2 the transformer with injection.

    Started again with the same configuration, it goes on where it stopped.
    """
    from foley_designer.generator.diffusion.engine import missing_packages

    missing = missing_packages()
    if missing:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"Training needs {', '.join(missing)}.",
            "pip install 'foley-designer[diffusion]'",
        )
    from time import monotonic

    from foley_designer.cli.progress import progress_lines
    from foley_designer.generator.diffusion.training.config import load_config
    from foley_designer.generator.diffusion.training.run import train as run

    told = load_config(config)
    ends = None if minutes is None else monotonic() + 60.0 * minutes
    with progress_lines() as progress:
        folder = run(told, progress, lambda: ends is not None and monotonic() >= ends)
    if folder is None:
        typer.echo("Stopped in the first stage; the same command goes on.")
        return
    typer.echo(f"{folder}: weights; FOLEY_DIFFUSION_MODEL={folder} performs with them.")
