"""foley_look: see what is in a clip before anything is designed."""

from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import READS
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedLook
from foley_designer.assistant.jobs.jobs import LOOKS, ended_well, wait_for
from foley_designer.assistant.jobs.store import Job, JobState, jobs_of, start
from foley_designer.assistant.paths import Place, session_name
from foley_designer.core.clip import Clip
from foley_designer.core.documents import Part, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note
from foley_designer.core.script.observation import (
    Moment,
    MotionKind,
    Observation,
    Shot,
)
from foley_designer.core.session.session import Session
from foley_designer.vision.video.sequence import clip_stamp

WAIT_S = 40.0
LONG_S, FIRST_S = 60.0, 3.0
"""Length from which a clip's first call waits no longer than so: a sheet of frames is worth more at
once than a whole look later."""
MOST_CUES = 120
TOLD_NAME, MOST_NAMES = 0.05, 5
"""Belief from which what a shot is named is told, and how many names are."""


class SeenTrack(Part):
    """Something that moves."""

    id: str
    kind: MotionKind
    label: str | None
    start_s: float
    end_s: float
    confidence: float


class LookAnswer(Part):
    """What was seen. Sounds are never read from the clip."""

    clip: Clip | None = None
    """None while the look still goes on."""
    job_id: str = ""
    """The look that still goes on; empty once it has ended."""
    done: float = 1.0
    """Share of the look that is done."""
    shots: tuple[Shot, ...] = ()
    tracks: tuple[SeenTrack, ...] = ()
    cues: tuple[Moment, ...] = ()
    """Moments of visible impact: the surest ones, in time order."""
    cues_left_out: int = 0
    notes: tuple[Note, ...] = ()
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Look at a clip",
        annotations=READS,
    )
    @answering
    async def foley_look(
        clip: Annotated[str, Field(max_length=4096, description="Video file.")],
        ctx: Context,
        rate: Annotated[
            str | None,
            Field(
                max_length=20,
                description="Frames a second, as 30000/1001.",
            ),
        ] = None,
    ) -> Annotated[CallToolResult, LookAnswer]:
        """See a clip: a contact sheet, its shots, what moves, and moments of visible impact.

        Say what happens as foley_design's description: it sounds much better. A long clip may
        take more calls.
        """
        path = place.file(clip, ErrorCode.CLIP_NOT_FOUND)
        is_first = not jobs_of(looking_session(place, path, rate))
        job = looking(place, path, rate)
        length_s = _length_s(path) if is_first else 0.0
        state = await wait_for(job, FIRST_S if length_s >= LONG_S else WAIT_S, ctx)
        if not state.ended:
            return _running(job, path, clip)
        answer = ended_well(job, f"Call foley_look(clip={clip!r}) again; it goes on meanwhile.")
        observation = job.session.get(Observation, answer["observation"])
        return _told(observation, job.session, path)


def _length_s(path: Path) -> float:
    """Of a film, seconds; 0 for a sequence of images."""
    from foley_designer.vision.video.decode import probe  # noqa: PLC0415 - heavy

    return probe(path).duration_s if path.is_file() else 0.0


def _running(job: Job, path: Path, clip: str) -> CallToolResult:
    """That a look still goes on, which is no failure, and a first sheet of frames."""
    from foley_designer.assistant.pictures import first_sheet, png  # noqa: PLC0415 - heavy

    answer = LookAnswer(
        job_id=job.id, done=job.progress.fraction, next_call=f"foley_look(clip={clip!r})"
    )
    return CallToolResult(
        content=[
            TextContent(type="text", text=answer.model_dump_json(exclude_defaults=True)),
            *([png(first_sheet(path, length_s))] if (length_s := _length_s(path)) else []),
        ],
        structured_content=answer.model_dump(mode="json"),
    )


def looking_session(place: Place, clip: Path, rate: str | None = None) -> Session:
    """Where what was seen of a clip, as its files are now, is kept."""
    key = content_hash(str(clip), *clip_stamp(clip), rate)[:16]
    return Session(place.out_root / LOOKS / key)


def looking(place: Place, clip: Path, rate: str | None = None) -> Job:
    """The job that looks at this clip, or has looked."""
    session = looking_session(place, clip, rate)
    jobs = jobs_of(session)
    if jobs and jobs[-1].state in (JobState.RUNNING, JobState.DONE):
        return jobs[-1]
    try:
        return start(session, AskedLook(clip=str(clip), rate=rate))
    except FoleyError as error:
        if error.code is not ErrorCode.SESSION_BUSY:
            raise
        return jobs_of(session)[-1]  # another client began to look in the same moment


def _told(observation: Observation, session: Session, clip: Path) -> CallToolResult:
    from foley_designer.assistant.pictures import contact_sheet, png  # noqa: PLC0415

    surest = sorted(observation.moments, key=lambda one: -one.confidence)[:MOST_CUES]
    answer = LookAnswer(
        clip=observation.clip,
        shots=tuple(_told_shot(shot) for shot in observation.shots),
        tracks=tuple(
            SeenTrack(
                id=track.id,
                kind=track.kind,
                label=track.label,
                start_s=track.start_s,
                end_s=track.end_s,
                confidence=track.confidence,
            )
            for track in observation.tracks
        ),
        cues=tuple(sorted(surest, key=lambda one: one.time_s)),
        cues_left_out=len(observation.moments) - len(surest),
        notes=observation.notes,
        next_call=f"foley_design(clip={str(clip)!r}, session={session_name(clip)!r}, "
        "description=what happens in the picture)",
    )
    sheet = contact_sheet(observation, session.keyframes)
    return CallToolResult(
        content=[
            TextContent(type="text", text=answer.model_dump_json()),
            *([png(sheet)] if sheet else []),
        ],
        structured_content=answer.model_dump(mode="json"),
    )


def _told_shot(shot: Shot) -> Shot:
    """A shot with the names that say something of it."""
    likely = {name: belief for name, belief in shot.named.items() if belief >= TOLD_NAME}
    return shot.model_copy(update={"named": dict([*likely.items()][:MOST_NAMES])})
