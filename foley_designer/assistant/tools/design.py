"""foley_design: start, or go on with, the design of a clip."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from pydantic import Field

from foley_designer.assistant.annotations import DESIGNS
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedDesign
from foley_designer.assistant.jobs.jobs import JobStatus, status_of
from foley_designer.assistant.jobs.store import jobs_of, start
from foley_designer.assistant.jobs.work import SHOWN
from foley_designer.assistant.paths import Place, session_name
from foley_designer.assistant.tools.spot import spotting_of
from foley_designer.core.choices import Choices
from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.options import Step, options, taking
from foley_designer.core.session.session import Session


def with_settings(function: Callable[..., JobStatus]) -> Callable[..., JobStatus]:
    """Give the tool a parameter for each shown setting; it takes them as ``chosen``."""
    extra = tuple(
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[option.kind | None, Field(description=option.help)],
        )
        for option in options(Choices, Step.MIX)
    )
    return taking(function, extra, into="chosen")


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Design Foley",
        annotations=DESIGNS,
    )
    @answering
    @with_settings
    def foley_design(
        clip: Annotated[
            str | None,
            Field(max_length=4096, description="Video file, or shot_%04d.png; omit to go on."),
        ] = None,
        session: Annotated[
            str | None, Field(max_length=64, description="Name; none takes the clip's.")
        ] = None,
        description: Annotated[
            str | None, Field(max_length=4000, description="What happens in the picture.")
        ] = None,
        script_path: Annotated[
            str | None,
            Field(max_length=4096, description="Screenplay: Fountain, FDX, text, RTF, VTT, SRT."),
        ] = None,
        script_text: Annotated[
            str | None,
            Field(max_length=200_000, description="The screenplay itself, as Fountain or prose."),
        ] = None,
        until: Annotated[
            Literal["script", "end"], Field(description="script stops before anything sounds.")
        ] = "end",
        replace: Annotated[
            bool, Field(description="Give up what the session holds for other inputs.")
        ] = False,
        *,
        chosen: dict[str, Any],
    ) -> JobStatus:
        """Design a clip's Foley as a job: stems, stereo, 5.1, movie, cue sheet, report.

        With only a session, the design that was started there goes on, and performs the script
        that foley_script_submit gave it. until="script" stops once the script is written.
        """
        if clip is None:
            if session is None:
                raise FoleyError(ErrorCode.OPTION_INVALID, "Neither clip nor session was given.")
            folder = place.session(session)
            asked = _earlier(place, folder)
        else:
            path = place.file(clip, ErrorCode.CLIP_NOT_FOUND)
            folder = place.session(session or session_name(path))
            spotting = spotting_of(place, path, chosen.get("rate"))
            asked = AskedDesign(clip=str(path), spotting=str(spotting) if spotting else None)
        screenplay = _screenplay(place, folder, script_path, script_text)
        now = AskedDesign(
            clip=asked.clip,
            spotting=asked.spotting,
            description=asked.description if description is None else description,
            script_path=asked.script_path if screenplay is None else screenplay,
            settings=asked.settings | chosen,
            until=until,
            replace=replace,
        )
        return status_of(start(folder, now))


def _earlier(place: Place, session: Session) -> AskedDesign:
    """What the session's design was asked before.

    Raises:
        FoleyError: ``session_not_found``; ``path_not_allowed`` if the clip is no longer allowed.
    """
    record = session.record()
    if record is None:
        earlier = [job.request.arguments for job in jobs_of(session)]
        designs = [one for one in earlier if isinstance(one, AskedDesign)]
        if not designs:
            place.designed(session.root.name)  # says that there is none
        asked = designs[-1]
    else:  # what it was designed from, not what a refused call asked for since
        given = record.inputs
        asked = AskedDesign(
            clip=given.clip_path,
            script_path=given.script_path,
            spotting=given.spotting_path,
            description=given.description,
            settings={
                name: value for name in SHOWN if (value := given.settings.get(name)) is not None
            },
        )
    place.file(asked.clip, ErrorCode.CLIP_NOT_FOUND)
    if asked.script_path:
        place.file(asked.script_path, ErrorCode.SCRIPT_NOT_FOUND)
    return asked


def _screenplay(place: Place, session: Session, path: str | None, text: str | None) -> str | None:
    """Path of the screenplay; a text is kept in the session.

    Raises:
        FoleyError: ``option_invalid`` for both at once; as `Place.file`.
    """
    if path and text:
        raise FoleyError(ErrorCode.OPTION_INVALID, "Both script_path and script_text were given.")
    if path:
        return str(place.file(path, ErrorCode.SCRIPT_NOT_FOUND))
    if not text:
        return None
    file = session.hidden / f"screenplay-{content_hash(text)[:12]}.fountain"
    write_text(file, text)
    return str(file)
