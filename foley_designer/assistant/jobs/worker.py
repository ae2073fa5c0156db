"""The process of one job: ``python -m foley_designer.assistant.jobs.worker FOLDER``."""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from foley_designer.assistant.jobs.asked import JobKind
from foley_designer.assistant.jobs.store import Failure, Job, JobProgress, JobResult, JobState
from foley_designer.core.errors import FoleyError
from foley_designer.core.files import system_error
from foley_designer.core.progress import LABELS, PART_OF

_GLANCE_S = 0.2
"""How often it is looked whether someone asked the job to stop."""


def main(folder: Path) -> None:
    """Do the job, and say how it ended unless the process dies first."""
    job = Job(folder)
    # A server in the background may hand down that interrupts are ignored; a job must hear them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with job.alive():
        job.report(JobProgress(message="starting"))
        over = threading.Event()
        threading.Thread(target=_watch, args=(job, over), daemon=True).start()
        result = _outcome(job)
        over.set()
        job.finish(result)


def _outcome(job: Job) -> JobResult:
    try:
        from foley_designer.assistant.jobs.work import WORK  # noqa: PLC0415 - after the lock is held

        request = job.request
        steps = list(LABELS)
        if request.kind is JobKind.FILM:
            from foley_designer.film.making import LABELS as FILM_LABELS  # noqa: PLC0415

            steps = list(FILM_LABELS)
        answer = WORK[request.kind](job.session, request.arguments, Reporter(job, steps))
    except FoleyError as error:
        return _failed(error)
    except OSError as error:
        return _failed(system_error(error))
    except KeyboardInterrupt:
        return JobResult(state=JobState.CANCELLED)
    return JobResult(state=JobState.DONE, answer=answer)


def _failed(error: FoleyError) -> JobResult:
    failure = Failure(code=error.code.value, message=error.message, hint=error.hint)
    return JobResult(state=JobState.FAILED, failure=failure)


def _watch(job: Job, over: threading.Event) -> None:
    """Interrupt the main thread once a cancellation is asked for."""
    while not over.wait(_GLANCE_S):
        if job.cancelled:
            _thread.interrupt_main()
            return


class Reporter:
    """Progress of a job: the step, and a share of the whole that never falls."""

    def __init__(self, job: Job, steps: Sequence[str] = tuple(LABELS)) -> None:
        self._job = job
        self._steps = list(steps)
        self._done: dict[str, float] = {}
        self._reached = 0.0
        self._written = 0.0

    def __call__(self, step: str, fraction: float, message: str = "") -> None:
        """Report; shares of takes that are made side by side add up."""
        name = PART_OF.get(step, step)
        before = self._done.get(name, 0.0)
        if name == step:
            self._done[name] = min(1.0, before + fraction if step == "sound" else fraction)
        steps = self._steps
        place = steps.index(name) if name in steps else 0
        self._reached = max(self._reached, (place + self._done.get(name, 0.0)) / len(steps))
        now = time.monotonic()
        if now - self._written < _GLANCE_S and fraction < 1:
            return
        self._written = now
        self._job.report(
            JobProgress(
                step=name,
                fraction=round(min(self._reached, 1.0), 3),
                message=message or LABELS.get(name, ""),
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
