"""``foley-designer mcp``: the server for assistants."""

from pathlib import Path
from typing import Annotated

import typer


def mcp(
    root: Annotated[
        list[Path] | None,
        typer.Option("--root", help="Folder with clips and screenplays to read; repeatable."),
    ] = None,
    out_root: Annotated[
        Path | None, typer.Option("--out-root", help="Folder of the sessions.")
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Streamable HTTP instead of standard input and output.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8932,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", help="Name by which clients reach a wider --host; repeatable."),
    ] = None,
) -> None:
    """Serve assistants over MCP: look, design, listen, revise, export.

    Without --root the current folder is read; sessions go to the data folder without --out-root.
    Another --host than this machine's own needs --allow: requests to other names are refused.
    """
    from foley_designer.assistant.server import build_server
    from foley_designer.core.settings import Settings
    from foley_designer.tools.hosts import host_guard

    guard = host_guard(host, allow or ())
    server = build_server(tuple(root or [Path()]), out_root or Settings().data_dir / "sessions")
    if http:
        typer.echo(f"Assistant server at http://{host}:{port}/mcp", err=True)
        server.run("streamable-http", host=host, port=port, transport_security=guard)
    else:
        server.run("stdio")
