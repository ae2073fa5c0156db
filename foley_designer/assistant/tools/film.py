"""foley_film: a film of many scenes, its new cuts, and what is wished at a timecode."""

from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from pydantic import Field

from foley_designer.assistant.annotations import DESIGNS
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedFilm
from foley_designer.assistant.jobs.store import JobState, jobs_of, start
from foley_designer.assistant.paths import Place
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session

MOST_SCENES = 40
"""Scenes of an answer; ``first`` reads on."""


class FilmAnswer(Part):
    """Where a film stands."""

    film: str
    job_id: str = ""
    state: str = ""
    """Of its last job; empty if there was none."""
    scenes: tuple[dict[str, Any], ...] = ()
    """Each a session that the other tools take, as ``FILM/ID``; a reel is ``FILM/reel1``."""
    count: int = 0
    notes: tuple[str, ...] = ()
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Film",
        annotations=DESIGNS,
    )
    @answering
    def foley_film(
        film: str,
        action: Literal["make", "status", "conform", "wish", "undo"],
        reels: Annotated[tuple[str, ...], Field(description="In order.")] = (),
        script_path: str | None = None,
        files: Annotated[
            tuple[str, ...], Field(description="Markers; conform: a change list.")
        ] = (),
        wish: Annotated[
            str | None, Field(max_length=400, description="01:00:10:00 door slam")
        ] = None,
        number: Annotated[int, Field(description="Reel, or first scene.")] = 1,
    ) -> FilmAnswer:
        """Design reels as a job, bring in new cuts and wishes; undo takes the last cut back.

        Scenes and reels are sessions: FILM/r1s3, FILM/reel1.
        """
        folder = place.session(film)
        if action == "status":
            return stands(folder, film, max(1, number))
        if action == "make" and not reels:
            raise FoleyError(ErrorCode.OPTION_INVALID, "No reel was given.")
        if action == "conform" and len(reels) != 1:
            raise FoleyError(ErrorCode.OPTION_INVALID, "conform takes one reel.")
        script = place.file(script_path, ErrorCode.SCRIPT_NOT_FOUND) if script_path else None
        asked = AskedFilm(
            action=action,
            reels=tuple(str(place.file(one, ErrorCode.CLIP_NOT_FOUND)) for one in reels),
            script_path=str(script) if script else None,
            files=tuple(str(place.file(one, ErrorCode.OPTION_INVALID)) for one in files),
            wish=wish,
            number=max(1, number),
        )
        job = start(folder, asked)
        return FilmAnswer(
            film=film,
            job_id=job.id,
            state=JobState.RUNNING.value,
            next_call=f"foley_job_wait(job_id={job.id!r})",
        )


def stands(folder: Session, film: str, first: int) -> FilmAnswer:
    """The scenes as they are, the last job, and what is left open.

    Raises:
        FoleyError: ``session_not_found`` if there is neither a film nor a job.
    """
    from foley_designer.core.settings import Settings  # noqa: PLC0415 - heavy
    from foley_designer.film.folder import FilmFolder  # noqa: PLC0415
    from foley_designer.film.making import status  # noqa: PLC0415

    jobs = jobs_of(folder)
    last = jobs[-1] if jobs else None
    place = FilmFolder(folder.root)
    is_planned = place.film() is not None or last is None
    found = status(place, Settings()) if is_planned else ()
    shown = tuple(
        {
            "number": one.number,
            "session": f"{film}/{one.id}",
            "title": one.title[:60],
            "seconds": round(one.seconds, 1),
            "state": one.state,
        }
        | ({"reason": one.reason[:120]} if one.reason else {})
        for one in found[first - 1 : first - 1 + MOST_SCENES]
    )
    running = last is not None and not last.state.ended
    result = last.result if last else None
    return FilmAnswer(
        film=film,
        job_id=last.id if last else "",
        state=last.state.value if last else "",
        scenes=shown,
        count=len(found),
        notes=tuple((result.answer.get("open") or ()) if result else ()),
        next_call=f"foley_job_wait(job_id={last.id!r})"
        if last and running
        else f"foley_listen(session='{film}/reel1')",
    )
