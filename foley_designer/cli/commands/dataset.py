"""``foley-designer dataset``: FilmStereo sets, built and looked at."""

import json
from pathlib import Path
from typing import Annotated

import typer

from foley_designer.cli.settings import settings_of

app = typer.Typer(
    help="Build sets of placed, timed and described stereo sounds for training.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """Build sets of placed, timed and described stereo sounds for training."""


@app.command()
def build(
    config: Annotated[Path, typer.Argument(help="YAML file; docs/filmstereo.md has one.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the set; by default its name.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes; 0 takes one a core.")
    ] = 0,
    ray: Annotated[bool, typer.Option("--ray", help="Work on Ray instead of processes.")] = False,
    address: Annotated[
        str | None, typer.Option("--address", help="Of a Ray cluster; Ray starts here without.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The manifest on standard output.")
    ] = False,
) -> None:
    """Build a set: shards, manifest and a page of statistics.

    Started again on the same folder, it goes on where it stopped.
    """
    from foley_designer.cli.progress import progress_bars
    from foley_designer.core.work.pool import LocalPool, RayPool
    from foley_designer.filmstereo.build import LABELS
    from foley_designer.filmstereo.build import build as build_set
    from foley_designer.filmstereo.captioner import BuildCaptioner
    from foley_designer.filmstereo.config import read_config

    told = read_config(config)
    folder = out or Path(told.name)
    settings = settings_of()
    captioner = BuildCaptioner(settings) if told.captions == "model" else None
    pool = RayPool(address, workers) if ray or address else LocalPool(workers)
    with progress_bars(LABELS) as progress:
        built = build_set(
            told,
            folder,
            pool,
            knowledge_dir=settings.knowledge_dir,
            describe=captioner.describe if captioner else None,
            progress=progress,
        )
    for reason, count in (captioner.reasons if captioner else {}).items():
        typer.echo(f"note: {count} captions by grammar: {reason}", err=True)
    manifest = built.manifest
    if as_json:
        typer.echo(json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False))
        return
    methods = ", ".join(f"{count} by {name}" for name, count in manifest.verified_by.items())
    typer.echo(
        f"{folder}: {manifest.items} items ({built.made} made now), {manifest.hours:.2f} h in "
        f"{len(manifest.shards)} shards; verified {methods}; {len(manifest.left_out)} left out."
    )
