"""The page's server: what it answers to which address. All of it is about one session."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from foley_designer.api import revisions, scenes, versions
from foley_designer.api.takes import audition
from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix import marker
from foley_designer.core.mix import verdict as verdicts
from foley_designer.core.progress import Progress
from foley_designer.core.script.scene_edits import SceneEdit
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.export.delivery import Delivery
from foley_designer.export.report.markers import markers_csv
from foley_designer.review.changes import Apply, Ask, Body, carried_out, proposed
from foley_designer.review.desk import Desk
from foley_designer.review.drawings import outline, spectrum
from foley_designer.review.sound import piece, whole
from foley_designer.review.views import scenes_view, session_view, version_view

PAGE = Path(__file__).parent / "page"
MIX = "mix"
"""Lane of the stereo master."""
_KEEP = {"cache-control": "private, max-age=86400, immutable"}
"""What is addressed by its revision never changes."""
_STATUS = {ErrorCode.SESSION_BUSY: 409, ErrorCode.REVISION_CONFLICT: 409}


class Judge(Body):
    """A verdict on one event of the current revision; none takes it back."""

    event_id: str = Field(max_length=64)
    verdict: verdicts.Verdict | None


class Mark(Body):
    """A comment at a time; empty words take back the one with this id."""

    time_s: float = Field(ge=0)
    text: str = Field(max_length=500)
    event_id: str | None = Field(default=None, max_length=64)
    id: str = Field(default="", max_length=64)


class Scened(Body):
    """Corrections of the film's scenes."""

    edits: tuple[SceneEdit, ...] = Field(min_length=1, max_length=50)


class Review:
    """One session under review.

    Args:
        folder: the session's.
        picture: the copy of its picture that browsers play.
        settings: for what the session does not fix.
        of_film: id of the scene that it is of a film, whose list lies two folders above.
    """

    def __init__(
        self, folder: Path, picture: Path, settings: Settings, of_film: str | None = None
    ) -> None:
        self.of_film = of_film
        self.session = Session(folder)
        self.picture = picture
        self.settings = settings
        self.desk = Desk()
        self._version = lru_cache(maxsize=8)(self._load)

    def app(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/", self._page),
                Mount("/page", StaticFiles(directory=PAGE)),
                Route("/picture", self._picture),
                Route("/api/session", _answering(self._session)),
                Route("/api/version/{revision}", _answering(self._lanes)),
                Route("/sound/{revision}/{lane}/{number:int}", _answering(self._sound)),
                Route("/outline/{revision}/{lane}", _answering(self._outline)),
                Route("/spectrum/{revision}/{lane}", _answering(self._spectrum)),
                Route("/api/ask", _taking(Ask, self._ask), methods=["POST"]),
                Route("/api/apply", _taking(Apply, self._apply), methods=["POST"]),
                Route("/api/judge", _taking(Judge, self._judge), methods=["POST"]),
                Route("/api/scenes", _taking(Scened, self._scenes), methods=["POST"]),
                Route("/api/mark", _taking(Mark, self._mark), methods=["POST"]),
                Route("/markers.csv", _answering(self._markers_csv)),
                Route("/audition/{event}/{take:int}", _answering(self._audition)),
                Route("/api/work", self._work),
            ]
        )

    def _page(self, request: Request) -> Response:  # noqa: ARG002
        return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})

    def _picture(self, request: Request) -> Response:  # noqa: ARG002
        return FileResponse(self.picture, headers=_KEEP)

    def _work(self, request: Request) -> Response:  # noqa: ARG002
        return JSONResponse(self.desk.state())

    def _load(self, revision: str, current: str) -> versions.Version:  # noqa: ARG002
        """A version; which one is current tells where its mix lies."""
        return versions.version(self.session.root, revision)

    def version(self, revision: str) -> versions.Version:
        """A revision by its id; raises as `versions.version`."""
        return self._version(revision, str(self.session.finished().revision))

    def _session(self, request: Request) -> Response:  # noqa: ARG002
        record = self.session.finished()
        log = revisions.history(self.session.root)
        said = marker.load(self.session)
        view = session_view(self.session.root.name, record, log, said)
        return JSONResponse(view | {"scenes": self._scenes_now(), "of_film": self.of_film})

    def _scenes_now(self) -> Any:
        root = self.session.root
        return scenes_view(scenes.scenes_of(root), waiting=scenes.waiting(root))

    def _scenes(self, wanted: Scened) -> Any:
        """Correct the scenes; `/api/apply` with ``design`` has them played."""
        scenes.change_scenes(self.session.root, wanted.edits)
        return {"scenes": self._scenes_now()}

    def _lanes(self, request: Request) -> Response:
        version = self.version(request.path_params["revision"])
        return JSONResponse(version_view(version, verdicts.load(self.session)))

    def _file(self, request: Request) -> Path:
        """The sound that an address names, by the session's documents alone."""
        version, lane = self.version(request.path_params["revision"]), request.path_params["lane"]
        if lane != MIX and lane not in version.stems:
            raise FoleyError(ErrorCode.REVISION_INVALID, "There is no such sound.")
        return version.mix if lane == MIX else version.stem(lane)

    def _sound(self, request: Request) -> Response:
        data = piece(self._file(request), request.path_params["number"])
        return Response(data, headers=_KEEP, media_type="application/octet-stream")

    def _outline(self, request: Request) -> Response:
        data = outline(self._file(request), self._drawings)
        return Response(data, headers=_KEEP, media_type="application/octet-stream")

    def _spectrum(self, request: Request) -> Response:
        return FileResponse(spectrum(self._file(request), self._drawings), headers=_KEEP)

    @property
    def _drawings(self) -> Path:
        return self.session.hidden / "review"

    def _ask(self, asked: Ask) -> Any:
        return proposed(self.session.root, asked, self.settings)

    def _apply(self, wanted: Apply) -> Any:
        """Begin to do it; `/api/work` says how far it is."""

        def work(progress: Progress) -> dict[str, Any]:
            return carried_out(self.session.root, wanted, self.settings, progress)

        return {"number": self.desk.start(work)}

    def _mark(self, said: Mark) -> Any:
        """Keep a comment, change its words, or take it back; all that there are now."""
        with self.session.lock():
            record = self.session.finished()
            clip = record.clip
            if said.event_id is not None:
                current = self.version(str(record.revision))
                if said.event_id not in current.stems:
                    raise FoleyError(ErrorCode.REVISION_INVALID, "There is no such event.")
            if clip is not None and said.time_s > clip.duration_s:
                raise FoleyError(ErrorCode.OPTION_INVALID, "That is after the end of the clip.")
            kept = marker.load(self.session)
            text = " ".join(said.text.split())
            kept = (
                kept.put(said.time_s, text, said.event_id, said.id)
                if text
                else kept.without(said.id)
            )
            marker.save(self.session, kept)
        return {"markers": [one.model_dump(mode="json") for one in kept.markers]}

    def _markers_csv(self, request: Request) -> Response:  # noqa: ARG002
        data = markers_csv(marker.load(self.session), Delivery.of(self.session.root))
        headers = {"content-disposition": 'attachment; filename="markers.csv"'}
        return Response(data, media_type="text/csv; charset=utf-8", headers=headers)

    def _audition(self, request: Request) -> Response:
        """Another take of an event, as its stem's pieces are, cut to a minute."""
        event, take = request.path_params["event"], request.path_params["take"]
        file = audition(self.session.root, event, take, settings=self.settings)
        return Response(whole(file), media_type="application/octet-stream")

    def _judge(self, said: Judge) -> Any:
        """Keep a verdict on the current revision's event."""
        with self.session.lock():
            current = self.version(str(self.session.finished().revision))
            if said.event_id not in current.stems:
                raise FoleyError(ErrorCode.REVISION_INVALID, "There is no such event.")
            stem = current.stems[said.event_id]
            verdicts.save(self.session, verdicts.load(self.session).say(stem, said.verdict))
        return {"event_id": said.event_id, "verdict": said.verdict}


def _failed(error: FoleyError) -> Response:
    body = {"code": error.code.value, "error": str(error)}
    return JSONResponse(body, _STATUS.get(error.code, 422))


def _answering(route: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Anticipated failures as answers."""

    def answer(request: Request) -> Response:
        try:
            return route(request)
        except FoleyError as error:
            return _failed(error)

    return answer


def _taking(kind: type[BaseModel], work: Callable[[Any], Any]) -> Callable[..., Any]:
    """A route that reads a body of this kind and answers with JSON."""

    async def answer(request: Request) -> Response:
        try:
            body = kind.model_validate_json(await request.body())
            return JSONResponse(await run_in_threadpool(work, body))
        except ValidationError as error:
            return JSONResponse(
                {"code": ErrorCode.OPTION_INVALID.value, "error": describe(error, "The request")},
                422,
            )
        except FoleyError as error:
            return _failed(error)

    return answer
