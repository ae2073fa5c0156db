"""Jobs: processes of their own, whose folders tell the truth whatever happens to them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from filelock import FileLock
from mcp import Client
from mcp.types import CallToolResult

from foley_designer.assistant.jobs.asked import AskedDesign, AskedLook
from foley_designer.assistant.jobs.store import (
    Job,
    JobProgress,
    JobRequest,
    JobResult,
    JobState,
    jobs_of,
    start,
)
from foley_designer.assistant.jobs.worker import Reporter
from foley_designer.assistant.paths import Place
from foley_designer.assistant.server import build_server
from foley_designer.assistant.tools import look
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session

SLEEPER = """
import sys, time
from pathlib import Path
from foley_designer.assistant.jobs import work
from foley_designer.assistant.jobs import worker
from foley_designer.assistant.jobs.asked import JobKind
def sleep(session, arguments, progress):
    for step in range(1000):
        progress("see", step / 1000, "sleeping")
        time.sleep(0.05)
work.WORK[JobKind.LOOK] = sleep
worker.main(Path(sys.argv[1]))
"""


def until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it never came to pass")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session(tmp_path / "yard")
    session.create()
    return session


def asleep(session: Session) -> tuple[Job, "subprocess.Popen[bytes]"]:
    """A job of the real worker whose work takes long."""
    folder = session.hidden / "jobs" / "0001"
    folder.mkdir(parents=True)
    (folder / "request.json").write_text(
        JobRequest(arguments=AskedLook(clip="x")).model_dump_json()
    )
    # Interrupts are ignored, as a shell hands it to what it starts in the background.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen([sys.executable, "-c", SLEEPER, str(folder)])
    signal.signal(signal.SIGINT, before)
    job = Job(folder)
    until(lambda: job.progress.message == "sleeping")
    return job, process


@pytest.fixture
def sleeper(session: Session) -> tuple[Job, "subprocess.Popen[bytes]"]:
    return asleep(session)


@pytest.mark.slow
def test_what_still_works_is_a_running_job_with_its_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that outlasts a call, waited for and cancelled by the id that it answered with."""
    clips = tmp_path / "clips"
    clips.mkdir()
    (clips / "a.mp4").write_bytes(b"frames")
    place = Place((clips,), tmp_path / "out")
    monkeypatch.setattr(look, "WAIT_S", 0.3)
    monkeypatch.setattr(look, "_length_s", lambda _: 0.0)
    session = look.looking_session(place, (clips / "a.mp4").resolve())
    session.create()
    _, process = asleep(session)
    server = build_server((clips,), tmp_path / "out")

    async def conversation() -> list[CallToolResult]:
        async with Client(server) as client:
            looked = await client.call_tool("foley_look", {"clip": "a.mp4"})
            job = looked.structured_content["job_id"]
            waited = await client.call_tool("foley_job_wait", {"job_id": job, "max_s": 0.3})
            stands = await client.call_tool("foley_job_status", {"job_id": job})
            ended = await client.call_tool("foley_job_cancel", {"job_id": job})
            return [looked, waited, stands, ended]

    answers = anyio.run(conversation)
    process.wait(timeout=30)
    assert not any(one.is_error for one in answers)
    looked, waited, stands, ended = (one.structured_content for one in answers)
    assert 0 < looked["done"] < 1
    assert looked["next_call"] == "foley_look(clip='a.mp4')"
    for one in (waited, stands):
        assert (one["state"], one["kind"]) == ("running", "look")
        assert one["next_call"] == f"foley_job_wait(job_id='{looked['job_id']}')"
    assert ended["state"] == "cancelled"
    assert ended["next_call"].startswith("foley_look")


@pytest.mark.slow
def test_a_failed_job_says_why(session: Session, tmp_path: Path) -> None:
    clip = tmp_path / "words.mp4"
    clip.write_text("no clip")
    job = start(session, AskedLook(clip=str(clip)))
    until(lambda: job.state.ended)
    result = job.result
    assert result is not None
    assert result.state is JobState.FAILED
    assert result.failure is not None
    assert result.failure.code == ErrorCode.CLIP_UNREADABLE
    assert job.id == "yard.0001"


def test_a_broken_configuration_is_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLEY_TAKES", "many")
    job = start(session, AskedDesign(clip=str(tmp_path / "x")))
    until(lambda: job.state.ended)
    result = job.result
    assert result is not None
    assert result.failure is not None
    assert result.failure.code == ErrorCode.CONFIG_INVALID
    assert "takes" in result.failure.message


@pytest.mark.slow
def test_a_killed_job_has_stopped_and_makes_way(
    session: Session, sleeper: "tuple[Job, subprocess.Popen[bytes]]"
) -> None:
    job, process = sleeper
    assert job.state is JobState.RUNNING
    with pytest.raises(FoleyError) as caught:
        start(session, AskedLook(clip="x"))
    assert caught.value.code is ErrorCode.SESSION_BUSY
    assert "yard.0001" in str(caught.value)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert job.state is JobState.STOPPED
    following = start(session, AskedLook(clip="nil"))
    assert [one.id for one in jobs_of(session)] == ["yard.0001", following.id]
    until(lambda: following.state.ended)


@pytest.mark.slow
def test_a_job_stops_when_it_is_told_to(
    sleeper: "tuple[Job, subprocess.Popen[bytes]]",
) -> None:
    job, process = sleeper
    job.cancel()
    assert process.wait(timeout=30) == 0
    assert job.state is JobState.CANCELLED


def test_a_session_that_another_program_holds_is_busy(session: Session) -> None:
    with FileLock(session.hidden / "lock"), pytest.raises(FoleyError) as caught:
        start(session, AskedLook(clip="x"))
    assert caught.value.code is ErrorCode.SESSION_BUSY
    assert jobs_of(session) == []


def test_a_job_that_ended_keeps_its_result(session: Session) -> None:
    job = Job(session.hidden / "jobs" / "0001")
    job.finish(JobResult(state=JobState.DONE, answer={"stems": 3}))
    assert job.state is JobState.DONE
    assert job.result == JobResult(state=JobState.DONE, answer={"stems": 3})


def test_the_share_that_is_done_never_falls(session: Session) -> None:
    class Kept(Job):
        def report(self, progress: JobProgress) -> None:
            shares.append(progress.fraction)

    shares: list[float] = []
    report = Reporter(Kept(session.hidden / "jobs" / "0001"))
    for step in ("see", "read", "scribe", "validate", "scribe", "validate", "write", "cue"):
        report(step, 0.0)
        report(step, 1.0)
    for _ in range(4):
        report("sound", 0.25, "boots")
    report("deliver", 1.0)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
