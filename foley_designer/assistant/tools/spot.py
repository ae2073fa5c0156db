"""foley_spot: look at moments of a clip as strips of frames, and say which of them sound."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import WRITES
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.jobs import ended_well, wait_for
from foley_designer.assistant.paths import Place, session_name
from foley_designer.assistant.tools.look import WAIT_S, looking, looking_session
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.script.observation import MomentKind, Observation
from foley_designer.core.script.spotting import Spot, Spotting, Verdict, blank
from foley_designer.core.script.spotting_apply import apply
from foley_designer.core.session.session import Session

MOST_STRIPS = 4
"""Strips in one answer; each is a PNG of up to 200 KB."""
MOST_MOMENTS = 60
FILE = "spotting.json"


class SaidMoment(Part):
    """What the assistant says of one moment."""

    moment: str | None = Field(default=None, max_length=20)
    """Id of the moment; none for one that is added."""
    verdict: Literal["accept", "move", "reject", "add", "open"]
    time_s: float | None = Field(default=None, ge=0)
    """For move and add: when it sounds, a time burnt into a strip."""
    kind: MomentKind = MomentKind.CONTACT
    """For add: what it is."""
    reason: str = Field(default="", max_length=300)


class SpotAnswer(Part):
    """Where the spotting stands."""

    shown: tuple[str, ...]
    """Moments whose strips come with this answer, in the strips' order."""
    judged: int
    unjudged: tuple[str, ...]
    """Moments that nobody has judged, the most doubtful first."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Spot moments",
        annotations=WRITES,
    )
    @answering
    async def foley_spot(
        clip: Annotated[str, Field(max_length=4096, description="Video file.")],
        ctx: Context,
        verdicts: Annotated[
            list[SaidMoment] | None,
            Field(max_length=200, description="On strips shown before."),
        ] = None,
        moments: Annotated[
            list[str] | None,
            Field(max_length=MOST_STRIPS, description="To show; none takes doubtful ones."),
        ] = None,
        rate: Annotated[
            str | None,
            Field(
                max_length=20,
                description="Frames a second, as 30000/1001.",
            ),
        ] = None,
    ) -> Annotated[CallToolResult, SpotAnswer]:
        """See moments at which something may sound as strips of frames, and judge them.

        The yellow frame is the moment. accept it where something hits, lands or begins there; move
        it to another burnt-in time; reject it if nothing does; add what was not found. Your word
        wins over what was measured.
        """
        path = place.file(clip, ErrorCode.CLIP_NOT_FOUND)
        job = looking(place, path, rate)
        await wait_for(job, WAIT_S, ctx)
        answer = ended_well(job, f"Call foley_spot(clip={clip!r}) again; it goes on meanwhile.")
        observation = job.session.get(Observation, answer["observation"])
        spotting = _with(_spotting(job.session, observation), verdicts or (), observation)
        write_text(job.session.root / FILE, spotting.to_json())
        return _told(spotting, observation, moments, job.session, path)


def spotting_of(place: Place, clip: Path, rate: str | None = None) -> Path | None:
    """The file of what was said of a clip's moments; None if nothing was."""
    file = looking_session(place, clip, rate).root / FILE
    if not file.is_file() or Spotting.from_json(file.read_bytes()).is_open:
        return None
    return file


def _spotting(session: Session, observation: Observation) -> Spotting:
    from foley_designer.vision.tracking.candidates import candidates  # noqa: PLC0415

    file = session.root / FILE
    if file.is_file():
        return Spotting.from_json(file.read_bytes())
    return blank(observation, candidates(observation, MOST_MOMENTS))


def _with(spotting: Spotting, said: Sequence[SaidMoment], observation: Observation) -> Spotting:
    """The spotting with verdicts.

    Raises:
        FoleyError: ``option_invalid`` for a moment that there isn't or a time that is missing;
            ``document_invalid`` for a time that the clip hasn't.
    """
    told = spotting.with_verdicts([_spot(one, observation) for one in said])
    apply(told, observation)
    return told


def _spot(said: SaidMoment, observation: Observation) -> Spot:
    verdict = Verdict(said.verdict)
    if verdict in (Verdict.ADD, Verdict.MOVE) and said.time_s is None:
        raise FoleyError(ErrorCode.OPTION_INVALID, f"{verdict.value} needs time_s.")
    by = "an assistant" if verdict is not Verdict.OPEN else ""
    if verdict is Verdict.ADD:
        time_s = said.time_s or 0.0
        return Spot(time_s=time_s, kind=said.kind, verdict=verdict, reason=said.reason, by=by)
    moment = next((one for one in observation.moments if one.id == said.moment), None)
    if moment is None:
        raise FoleyError(ErrorCode.OPTION_INVALID, f"There is no moment {said.moment}.")
    return Spot(
        moment_id=moment.id,
        time_s=round(moment.time_s, 4),
        kind=moment.kind,
        track_id=moment.track_id,
        confidence=round(moment.confidence, 3),
        verdict=verdict,
        to_s=said.time_s if verdict is Verdict.MOVE else None,
        reason=said.reason,
        by=by,
    )


def _told(
    spotting: Spotting,
    observation: Observation,
    wanted: Sequence[str] | None,
    session: Session,
    clip: Path,
) -> CallToolResult:
    from foley_designer.assistant.pictures import png_content  # noqa: PLC0415
    from foley_designer.vision.video.strips import write_strips  # noqa: PLC0415

    open_ones = [spot for spot in spotting.spots if spot.verdict is Verdict.OPEN]
    open_ones.sort(key=lambda spot: abs((spot.confidence or 0.0) - 0.5))
    unjudged = [str(spot.moment_id) for spot in open_ones]
    shown = list(wanted) if wanted else unjudged[:MOST_STRIPS]
    moments = [one for one in observation.moments if one.id in shown]
    folder = session.keyframes / "strips"
    files = write_strips(clip, observation, moments, folder) if moments else {}
    answer = SpotAnswer(
        shown=tuple(files),
        judged=len(spotting.said),
        unjudged=tuple(unjudged),
        next_call=f"foley_spot(clip={str(clip)!r}, verdicts=[…]) while strips tell something, then "
        f"foley_design(clip={str(clip)!r}, session={session_name(clip)!r}, description=…)",
    )
    return CallToolResult(
        content=[
            TextContent(type="text", text=answer.model_dump_json()),
            *(png_content((folder / name).read_bytes()) for name in files.values()),
        ],
        structured_content=answer.model_dump(mode="json"),
    )
