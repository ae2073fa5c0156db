"""Jobs on disk: each a folder of its session and a process of its own.

```
.foley/jobs/0001/request.json   what is to be done
                 lock           held by the process while it lives
                 progress.json  how far it is
                 cancel         there once someone asked it to stop
                 result.json    how it ended
                 log.txt        what it printed
```

A job needs no server: it goes on when the server that started it is gone, and another one finds it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import Field

from foley_designer.assistant.jobs.asked import Asked, JobKind
from foley_designer.assistant.paths import named
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.session.session import Session, read_part, write_json

START_S = 30.0
"""How long a process may take from its start until it holds its lock."""


class JobState(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """Its process is gone without a word, as after a crash or a power cut."""

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self is not JobState.RUNNING


class Failure(Part):
    """Why a job failed."""

    code: str
    message: str
    hint: str = ""


class JobRequest(Part):
    """What a job was asked."""

    arguments: Asked

    @property
    def kind(self) -> JobKind:
        """Of the work."""
        return self.arguments.kind


class JobProgress(Part):
    """How far a job is."""

    step: str = ""
    fraction: float = Field(default=0.0, ge=0, le=1)
    message: str = ""


class JobResult(Part):
    """How a job ended."""

    state: JobState
    answer: dict[str, Any] = {}
    failure: Failure | None = None


class Job:
    """One job's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def session(self) -> Session:
        """The session that it works in."""
        return Session(self.folder.parents[2])

    @property
    def id(self) -> str:
        """``<session>.<number>``."""
        return f"{named(self.session)}.{self.folder.name}"

    @property
    def request(self) -> JobRequest:
        """What it was asked."""
        return read_part(JobRequest, self.folder / "request.json")

    @property
    def progress(self) -> JobProgress:
        """How far it is."""
        file = self.folder / "progress.json"
        return read_part(JobProgress, file) if file.exists() else JobProgress()

    @property
    def result(self) -> JobResult | None:
        """How it ended; None while it runs. A process that is gone without a word has stopped."""
        if not (self.folder / "result.json").exists():
            if self._held():
                return None
            if not (self.folder / "result.json").exists():  # written before the lock was let go
                return JobResult(state=JobState.STOPPED)
        return read_part(JobResult, self.folder / "result.json")

    @property
    def state(self) -> JobState:
        """Where it stands."""
        result = self.result
        return JobState.RUNNING if result is None else result.state

    @property
    def last_words(self) -> str:
        """The last line that its process printed."""
        log = self.folder / "log.txt"
        lines = log.read_text(errors="replace").split("\n") if log.exists() else []
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")

    @property
    def cancelled(self) -> bool:
        """Whether someone asked it to stop."""
        return (self.folder / "cancel").exists()

    def cancel(self) -> None:
        """Ask it to stop."""
        write_text(self.folder / "cancel", "")

    def report(self, progress: JobProgress) -> None:
        """Say how far it is."""
        write_json(self.folder / "progress.json", progress.model_dump(mode="json"))

    def finish(self, result: JobResult) -> None:
        """Say how it ended."""
        write_json(self.folder / "result.json", result.model_dump(mode="json"))

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Hold the lock that shows others that the process lives."""
        with FileLock(self.folder / "lock", timeout=START_S):  # others only glance at it
            yield

    def _held(self) -> bool:
        try:
            with FileLock(self.folder / "lock", timeout=0):
                return False
        except Timeout:
            return True


def jobs_of(session: Session) -> list[Job]:
    """The session's jobs, oldest first."""
    folder = session.hidden / "jobs"
    numbers = sorted(one for one in folder.glob("[0-9]*") if (one / "request.json").exists())
    return [Job(one) for one in numbers]


def start(session: Session, asked: Asked) -> Job:
    """Start a job in a process that outlives this one.

    Raises:
        FoleyError: ``session_busy`` if another job or program works in the session,
            ``tool_failed`` if the process doesn't come up, or as `Session.create` raises.
    """
    session.create()
    folder = session.hidden / "jobs"
    folder.mkdir(exist_ok=True)
    with _one_at_a_time(folder):
        jobs = jobs_of(session)
        if jobs and not jobs[-1].state.ended:
            raise busy(jobs[-1])
        with session.lock():
            pass
        job = Job(folder / f"{int(jobs[-1].folder.name) + 1 if jobs else 1:04}")
        job.folder.mkdir(exist_ok=True)
        write_json(job.folder / "request.json", JobRequest(arguments=asked).model_dump(mode="json"))
        _launch(job)
    return job


def busy(job: Job) -> FoleyError:
    """The failure that names the job in the way."""
    return FoleyError(
        ErrorCode.SESSION_BUSY,
        f"Job {job.id} ({job.request.kind.value}) works in this session.",
        f"Call foley_job_wait(job_id={job.id!r}) or foley_job_cancel.",
    )


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two clients that start at once: one is first, the other one sees its job."""
    with FileLock(folder / "starting", timeout=START_S):
        yield


def _launch(job: Job) -> None:
    """Start the process and wait until it holds its lock, so that it is never taken for dead."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    detached: dict[str, Any] = (
        {"creationflags": 0x00000008 | 0x00000200}  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    with (job.folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "foley_designer.assistant.jobs.worker", str(job.folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            **detached,
        )
    until = time.monotonic() + START_S
    while not (job.folder / "progress.json").exists():
        if process.poll() is not None or time.monotonic() > until:
            raise FoleyError(
                ErrorCode.TOOL_FAILED, f"The job's process did not start: {job.last_words}"
            )
        time.sleep(0.02)
