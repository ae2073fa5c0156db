"""``foley-designer review``: a session in the browser."""

from pathlib import Path
from typing import Annotated

import typer


def review(
    session: Annotated[Path, typer.Argument(help="Folder of a finished design, or of a film.")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address alone.")
    ] = False,
) -> None:
    """Hear, see and change a session in the browser: on this machine, offline.

    The picture with every stem in its lane; solo, mute, A/B of revisions, approval, and the chat.
    """
    import webbrowser

    from foley_designer.cli.progress import progress_bars
    from foley_designer.review.server import serve

    def ready(address: str) -> None:
        typer.echo(f"Review page: {address}\nEnd it with Ctrl-C.")
        if not no_browser:
            webbrowser.open(address)

    with progress_bars({"picture": "Make the picture playable"}) as progress:
        serve(session, ready, port=port, progress=progress)
