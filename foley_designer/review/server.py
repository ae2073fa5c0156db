"""Serving the page: on this machine's own address, behind a key, until the user ends it."""

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from foley_designer.api.revisions import made_whole
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.review.app import Review
from foley_designer.review.film import FilmReview, is_film, some_scene
from foley_designer.review.guard import Guard, new_secret
from foley_designer.review.picture import picture
from foley_designer.vision.video.sequence import clip_exists, clip_hash

LOOPBACK = "127.0.0.1"


def serve(
    folder: Path,
    ready: Callable[[str], None],
    *,
    port: int = 0,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> None:
    """Prepare the picture, tell the page's address, and serve it until interrupted.

    A film's scenes have their pictures already.

    Args:
        folder: the session's, or a film's.
        ready: gets the address, which holds the key.
        port: where to listen; 0 takes a free one.
        settings: for what the session does not fix.
        progress: told how far the picture is.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; ``clip_*`` if the picture
            can't be read or is another one than was designed; ``option_invalid`` for a port in use.
    """
    if is_film(folder):
        some_scene(folder)
        _run(FilmReview(folder, settings or Settings()).app(), ready, port)
        return
    session = Session(folder)
    made_whole(folder, settings=settings, progress=progress)
    record = session.finished()
    assert record.clip is not None
    clip = Path(record.inputs.clip_path)
    shown = session.hidden / "review"
    kept = list(shown.glob(f"picture-{record.clip.sha256[:16]}-*"))
    if not kept and clip_exists(clip) and clip_hash(clip) != record.clip.sha256:
        raise FoleyError(
            ErrorCode.SESSION_MISMATCH,
            f"{clip} is not the film that was designed.",
            "Put the film back, or design it anew.",
        )
    film = picture(clip, record.clip, shown, progress)
    _run(Review(session.root, film, settings or Settings()).app(), ready, port)


def _run(app: ASGIApp, ready: Callable[[str], None], port: int) -> None:
    """Serve an app behind a key until it is interrupted."""
    with closing(_listening(port)) as listener:
        taken = listener.getsockname()[1]
        secret = new_secret()
        guarded = Guard(app, taken, secret)
        ready(f"http://{LOOPBACK}:{taken}/?key={secret}")
        config = uvicorn.Config(guarded, log_level="warning", lifespan="off", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()  # from here on a browser may call; it is answered as soon as all is up
    except OSError as error:
        listener.close()
        raise FoleyError(
            ErrorCode.OPTION_INVALID, f"Port {port} is in use.", "Leave --port out for a free one."
        ) from error
    return listener
