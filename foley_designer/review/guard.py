"""Who may talk to the page's server: the browser on this machine that was given its address.

A page of another site can make a browser call a server on this machine (cross-site request
forgery), or give its own name this machine's address (DNS rebinding). So every request must name
this server as its host and carry a cookie that only the secret address sets; one that changes
something must also come from this server's own page.
"""

import hmac
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY = 64 * 1024
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page loads nothing from elsewhere and runs no script but its own."""
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """ASGI middleware before everything else.

    Args:
        app: what is guarded.
        port: where the server listens.
        secret: what the address that is opened first carries.
    """

    def __init__(self, app: ASGIApp, port: int, secret: str) -> None:
        self.app = app
        self.secret = secret
        self.hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.cookie = f"foley-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on with the headers that hold the page to this server."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over websockets
            await send({"type": "websocket.close", "code": 1008})
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        refused = self._refusal(Request(scope))
        await (refused or self.app)(scope, receive, answer)

    def _refusal(self, request: Request) -> Response | None:
        """Why a request goes no further, or the cookie for one with the secret; else None."""
        headers = request.headers
        if headers.get("host") not in self.hosts:
            return PlainTextResponse("This server answers to its own name alone.", 403)
        if headers.get("origin") not in (None, *self.origins):
            return PlainTextResponse("Other pages may not ask this server.", 403)
        if request.url.path == "/" and self._opens(request.query_params.get("key", "")):
            welcome = RedirectResponse("/", 303)
            welcome.set_cookie(self.cookie, self.secret, httponly=True, samesite="strict")
            return welcome
        if not any(self._opens(value) for value in _cookies(headers, self.cookie)):
            return PlainTextResponse(
                "Open the address that `foley-designer review` printed; it holds a key.", 403
            )
        return None if request.method in ("GET", "HEAD") else _refused_change(headers)

    def _opens(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.secret.encode())


def _refused_change(headers: Headers) -> Response | None:
    """Why a request that may change something goes no further."""
    if "origin" not in headers or headers.get("content-type") != "application/json":
        return PlainTextResponse("Only the page itself may change something.", 403)
    length = headers.get("content-length", "")
    if not length.isdigit():
        return PlainTextResponse("Say how long the request is.", 411)
    return PlainTextResponse("That is too long.", 413) if int(length) > MOST_BODY else None


def new_secret() -> str:
    """A key that can't be guessed."""
    return secrets.token_urlsafe(24)


def _cookies(headers: Headers, name: str) -> Iterable[str]:
    """Values of a cookie."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return []
    return [jar[name].value] if name in jar else []
