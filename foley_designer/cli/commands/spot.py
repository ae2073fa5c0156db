"""``foley-designer spot``: moments to look at, and verdicts to give on them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from foley_designer.cli.settings import settings_of, with_settings
from foley_designer.core.options import Step


@with_settings(Step.SCRIPT)
def spot(
    clip: Annotated[
        Path,
        typer.Argument(help="Video file, or images shot_%04d.png; its own sound is never read."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for strips and spotting.json.")],
    script: Annotated[
        Path | None,
        typer.Option(
            "--script", help="Screenplay: Fountain, FDX, text, RTF, VTT, SRT, Word or PDF."
        ),
    ] = None,
    describe: Annotated[
        str | None,
        typer.Option("--describe", help='What happens, such as "a hammer forges a spoon".'),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, max=200, help="Moments at most, the surest first.")
    ] = 60,
    *,
    chosen: dict[str, Any],
) -> None:
    """Show each moment that may sound as a strip of frames, to be accepted, moved or rejected.

    Open spotting.html, give verdicts, save; then: design CLIP --spotting spotting.json
    """
    from foley_designer.api import Request
    from foley_designer.api import spotting as api_spotting
    from foley_designer.cli.progress import progress_bars

    request = Request(clip=clip, script=script, description=describe)
    with progress_bars() as progress:
        spotting = api_spotting.spot(
            request, out, settings=settings_of(**chosen), progress=progress, most=most
        )
    judged = len(spotting.said)
    typer.echo(f"{len(spotting.spots)} moments, {judged} judged: {out / api_spotting.PAGE}")
    typer.echo(f"Give verdicts there or in {out / api_spotting.FILE}, then:")
    typer.echo(f"  foley-designer design {clip} --spotting {out / api_spotting.FILE} --out DIR")
