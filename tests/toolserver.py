"""A tool server on a loopback port that remembers which tools were called over HTTP."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from foley_designer.tools.server import LARGEST_REQUEST, build_server


class Served(NamedTuple):
    """Where it listens, and the names of the tools that were called."""

    url: str
    called: list[str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    readable: tuple[Path, ...], writable: tuple[Path, ...], breaks_at: str | None = None
) -> Iterator[Served]:
    """Serve until the block ends; after the first call of ``breaks_at`` answer 503."""
    called: list[str] = []
    server_app = build_server(readable, writable)
    app = server_app.streamable_http_app(max_request_body_size=LARGEST_REQUEST)

    async def recording(scope: Any, receive: Any, send: Any) -> None:
        body = b""

        async def heard() -> Any:
            nonlocal body
            message = await receive()
            if message["type"] == "http.request":
                body += message.get("body", b"")
                if not message.get("more_body") and body:
                    request = json.loads(body)
                    if request.get("method") == "tools/call":
                        called.append(request["params"]["name"])
            return message

        if breaks_at in called:
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, heard if scope["type"] == "http" else receive, send)

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(recording, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    try:
        yield Served(f"http://127.0.0.1:{port}/mcp", called)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
