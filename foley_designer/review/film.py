"""A film on the page: its scenes at the left, each a session of its own under ``/s/ID/``."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session_record import Stage
from foley_designer.core.settings import Settings
from foley_designer.export.report.scenes import DOUBTFUL
from foley_designer.export.session.passage import Ruler
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import Film, Piece, Reel
from foley_designer.film.predubs import runs
from foley_designer.review.app import Review


class FilmReview:
    """A film under review: its designed scenes, opened when somebody asks for them.

    Args:
        folder: the film's.
        settings: for what sessions do not fix.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = FilmFolder(folder)
        self.settings = settings
        self._open: dict[str, ASGIApp] = {}

    def app(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/", self._first),
                Route("/api/film", self._film),
                Mount("/s", app=self._scene),
            ]
        )

    def _first(self, request: Request) -> Response:  # noqa: ARG002
        """Go to the first scene that is designed."""
        for row in film_view(self.folder)["scenes"]:
            if row["designed"]:
                return RedirectResponse(f"/s/{row['id']}/", 303)
        return PlainTextResponse("No scene of this film is designed yet.", 404)

    def _film(self, request: Request) -> Response:  # noqa: ARG002
        return JSONResponse(film_view(self.folder))

    async def _scene(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the scene that its path names."""
        rest = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        key, slash, _ = rest.partition("/")
        app = self._app_of(key) if slash else None
        if app is None:
            await PlainTextResponse("There is no such scene.", 404)(scope, receive, send)
            return
        inner = dict(scope)
        inner["root_path"] = f"{scope.get('root_path', '')}/{key}"
        await app(inner, receive, send)

    def _app_of(self, key: str) -> ASGIApp | None:
        """The page of a scene; None for one that is not there."""
        if key not in self._open:
            film = self.folder.made()
            if key not in {scene.id for scene in film.shown}:
                return None
            session = self.folder.scene(key)
            record = session.record()
            if record is None or record.stage is not Stage.DONE:
                return None
            review = Review(session.root, self.folder.picture(key), self.settings, of_film=key)
            self._open[key] = review.app()
        return self._open[key]


def film_view(folder: FilmFolder) -> dict[str, Any]:
    """The film as the page shows it: per run of a scene where it plays and what is doubtful there.

    Raises:
        FoleyError: ``session_not_found`` if there is no film.
    """
    film = folder.made()
    rows = [row for reel in film.reels for row in _rows(folder, film, reel)]
    return {"title": film.title, "scenes": rows, "unplaced": list(film.unplaced)}


def _rows(folder: FilmFolder, film: Film, reel: Reel) -> list[dict[str, Any]]:
    whole = sum(one.clip.duration_s for one in film.reels)
    before = sum(one.clip.duration_s for one in film.reels if one.number < reel.number)
    ruler = Ruler(reel.clip.model_copy(update={"timecode": reel.start}))
    rate = float(reel.clip.rate)
    rows = []
    for piece in runs(reel.pieces):
        scene = film.scene(piece.scene)
        doubtful = _doubtful(folder, piece, scene.clip.frame_s)
        rows.append(
            {
                "id": piece.scene,
                "title": scene.title,
                "reel": reel.number,
                "tc": ruler.at(piece.at / rate),
                "left": round((before + piece.at / rate) / whole, 5),
                "width": round(piece.frames / rate / whole, 5),
                "designed": doubtful is not None,
                "doubtful": doubtful or [],
                "unsure": scene.text is not None and scene.confidence < DOUBTFUL,
            }
        )
    return rows


def _doubtful(folder: FilmFolder, piece: Piece, frame_s: float) -> list[float] | None:
    """Times of a scene's doubtful hits that a run shows; None if it is not designed."""
    session = folder.scene(piece.scene)
    record = session.record()
    if record is None or record.stage is not Stage.DONE:
        return None
    script = session.get(FoleyScript, record.documents["script"])
    first, last = piece.first * frame_s, piece.last * frame_s
    return sorted(
        {
            round(hit.time_s, 3)
            for event in script.events
            for hit in event.hits
            if hit.confidence < DOUBTFUL and first <= hit.time_s < last
        }
    )


def is_film(folder: Path) -> bool:
    """Whether a folder is a film's; raises as `FilmFolder.film`."""
    return FilmFolder(folder).film() is not None


def some_scene(folder: Path) -> None:
    """Make sure that a film has a scene to be shown.

    Raises:
        FoleyError: ``session_not_found``.
    """
    if not any(row["designed"] for row in film_view(FilmFolder(folder))["scenes"]):
        raise FoleyError(
            ErrorCode.SESSION_NOT_FOUND,
            f"No scene of {folder} is designed yet.",
            "Give the film's command again; it goes on where it stopped.",
        )
