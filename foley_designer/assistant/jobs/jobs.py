"""foley_job_wait, foley_job_status, foley_job_cancel: long work, in calls that end in time."""

import re
import time
from typing import Annotated, Any

import anyio
from mcp.server.mcpserver import Context, MCPServer
from pydantic import Field

from foley_designer.assistant.annotations import READS, WRITES
from foley_designer.assistant.failures import answering, next_call
from foley_designer.assistant.jobs.asked import AskedDesign, AskedFilm, JobKind
from foley_designer.assistant.jobs.store import Failure, Job, JobState
from foley_designer.assistant.paths import Place, named
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session

LONGEST_S = 44.0
"""No call outlasts this: hosts give up on a call after about a minute."""
_GLANCE_S = 0.25
_CANCEL_S = 20.0

JobId = Annotated[str, Field(max_length=80, description="As returned.")]


LOOKS = ".looks"
"""Folder of what was seen of clips, below the output root."""


class JobStatus(Part):
    """Where a job stands, and what to call next."""

    job_id: str
    kind: JobKind
    session: str
    state: JobState
    step: str = ""
    fraction: float = 0.0
    """Share of the whole, 0..1."""
    message: str = ""
    failure: Failure | None = None
    answer: dict[str, Any] = {}
    """What a job that is done has made."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the job tools."""

    @server.tool(
        title="Wait for a job",
        annotations=READS,
    )
    @answering
    async def foley_job_wait(
        job_id: JobId,
        ctx: Context,
        max_s: Annotated[float, Field(gt=0, le=45, description="Seconds to wait.")] = 40,
    ) -> JobStatus:
        """Wait until a job ends, or max_s seconds, and report its progress meanwhile.

        A job that still runs afterwards is no failure: call this again.
        """
        job = find(place, job_id)
        await wait_for(job, max_s, ctx)
        return status_of(job)

    @server.tool(
        title="Status of a job",
        annotations=READS,
    )
    @answering
    def foley_job_status(job_id: JobId) -> JobStatus:
        """Say at once where a job stands."""
        return status_of(find(place, job_id))

    @server.tool(
        title="Cancel a job",
        annotations=WRITES,
    )
    @answering
    async def foley_job_cancel(job_id: JobId, ctx: Context) -> JobStatus:
        """Ask a job to stop. What it has finished stays whole, and foley_design goes on there."""
        job = find(place, job_id)
        if not job.state.ended:
            job.cancel()
            await wait_for(job, _CANCEL_S, ctx)
        return status_of(job)


def find(place: Place, job_id: str) -> Job:
    """The job with this id.

    Raises:
        FoleyError: ``option_invalid``; ``path_not_allowed`` for a name that is none.
    """
    name, _, number = job_id.rpartition(".")
    if name and re.fullmatch(r"[0-9]{4,6}", number):
        named = place.session(name).hidden
        looked = Session(place.out_root / LOOKS / name).hidden
        for hidden in (named, looked):
            job = Job(hidden / "jobs" / number)
            if (job.folder / "request.json").is_file():
                return job
    raise FoleyError(
        ErrorCode.OPTION_INVALID,
        f"There is no job {job_id!r:.90}.",
        "Job ids look like alley.0001; foley://sessions lists the last job of each session.",
    )


async def wait_for(job: Job, seconds: float, ctx: Context) -> JobState:
    """Wait for a job's end and pass its progress on; return its state."""
    until = time.monotonic() + min(seconds, LONGEST_S)
    told = None
    while not (state := job.state).ended and time.monotonic() < until:
        progress = job.progress
        if progress != told:
            await ctx.report_progress(progress.fraction, 1.0, progress.message)
            told = progress
        await anyio.sleep(_GLANCE_S)
    return state


def status_of(job: Job) -> JobStatus:
    """Where a job stands."""
    result, request, progress = job.result, job.request, job.progress
    state = JobState.RUNNING if result is None else result.state
    done = state is JobState.DONE
    return JobStatus(
        job_id=job.id,
        kind=request.kind,
        session=named(job.session),
        state=state,
        step=progress.step,
        fraction=1.0 if done else progress.fraction,
        message=job.last_words if state is JobState.STOPPED else progress.message,
        failure=result.failure if result else None,
        answer=result.answer if result else {},
        next_call=_after(job, state, result.failure if result else None),
    )


def _after(job: Job, state: JobState, failure: Failure | None) -> str:
    """The next call, in words."""
    session = named(job.session)
    again = {
        JobKind.DESIGN: f"foley_design(session={session!r})",
        JobKind.EXPORT: f"foley_export(session={session!r}, …)",
        JobKind.REVISE: f"foley_revise(session={session!r}, …)",
        JobKind.LOOK: "foley_look(clip=…)",
        JobKind.FILM: f"foley_film(film={session!r}, …)",
    }[job.request.kind]
    if state is JobState.RUNNING:
        return f"foley_job_wait(job_id={job.id!r})"
    if state is JobState.FAILED and failure:
        known = [code for code in ErrorCode if code.value == failure.code]
        return next_call(known[0]) if known else again
    if state is not JobState.DONE:
        return f"{again} goes on where it stopped."
    asked = job.request.arguments
    if isinstance(asked, AskedDesign) and asked.until == "script":
        return f"foley_script_get(session={session!r})"
    if isinstance(asked, AskedFilm):
        return f"foley_film(film={session!r}, action='status')"
    return f"foley_listen(session={session!r})"


def ended_well(job: Job, waiting: str) -> dict[str, Any]:
    """The answer of a job that was waited for.

    Raises:
        FoleyError: ``tool_failed`` if it still runs (``waiting`` names the call) or stopped;
            the job's own failure.
    """
    result = job.result
    if result is None:
        raise FoleyError(
            ErrorCode.TOOL_FAILED, f"Not done yet ({job.progress.fraction:.0%}).", waiting
        )
    if result.failure:
        code = ErrorCode(result.failure.code)
        raise FoleyError(code, result.failure.message, result.failure.hint)
    if result.state is not JobState.DONE:
        words = f" Its last words: {job.last_words}" if job.last_words else ""
        raise FoleyError(
            ErrorCode.TOOL_FAILED, f"The job was {result.state.value}.{words}", waiting
        )
    return result.answer
