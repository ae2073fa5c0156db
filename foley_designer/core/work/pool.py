"""Work spread over processes, or over Ray: results as they come, and nothing lost with a worker."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from threading import Thread
from typing import Any, NamedTuple, Protocol, TypeVar

from foley_designer.core.errors import ErrorCode, FoleyError

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Tasks handed out at a time, for each worker."""
DEATHS = 2
"""Workers that a task may take with it before it is given up."""
_SINGLE = (
    "MALLOC_ARENA_MAX",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
"""What a worker has one of: threads, and arenas of the C library, each of which keeps what it
freed."""


class WorkerDiedError(Exception):
    """A task whose worker died every time it was tried."""


class Pool(Protocol):
    """Runs one function over many tasks."""

    def run(
        self, work: Callable[[T], R], tasks: Sequence[T]
    ) -> Iterator[tuple[int, R | Exception]]:
        """Index of the task and its result, or what it raised, in the order they finish.

        Args:
            work: a function at the top level of a module.
            tasks: what it is called with.
        """


class Here:
    """This process itself: what is one task, or small, needs no other."""

    def run(
        self, work: Callable[[T], R], tasks: Sequence[T]
    ) -> Iterator[tuple[int, R | Exception]]:
        """See `Pool`; a failure that is told is a result, any other ends the work."""
        for index, task in enumerate(tasks):
            try:
                yield index, work(task)
            except FoleyError as error:
                yield index, error


class _Workers(NamedTuple):
    """Processes that are to be begun."""

    most: int
    ready: tuple[str, ...]

    def begin(self) -> ProcessPoolExecutor:
        """Begin them: forked from one that has their modules, or else each anew."""
        for name in _SINGLE:
            os.environ.setdefault(name, "1")
        forks = bool(self.ready) and "forkserver" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            context.set_forkserver_preload([*self.ready])
        return ProcessPoolExecutor(self.most, mp_context=context, initializer=_end_with_parent)


class LocalPool(NamedTuple):
    """Processes of this machine."""

    workers: int = 0
    """0 takes one a core."""
    ready: tuple[str, ...] = ()
    """Modules that workers begin with, where a process can be forked: one process imports them,
    and the workers of all runs are forked from it, at no cost and sharing its memory."""

    def run(
        self, work: Callable[[T], R], tasks: Sequence[T]
    ) -> Iterator[tuple[int, R | Exception]]:
        """See `Pool`. A process that is killed is replaced, its task begun again."""
        waiting = deque(range(len(tasks)))
        deaths = [0] * len(tasks)
        count = min(self.workers or os.cpu_count() or 1, max(1, len(tasks)))
        suspects: deque[int] = deque()
        while waiting or suspects:
            # After a death its suspects run one by one, to tell which of them kills.
            queue = suspects or waiting
            alone = queue is suspects
            running: list[int] = []
            workers = _Workers(1 if alone else count, self.ready)
            for index, result in _drain(work, tasks, queue, running, workers):
                if isinstance(result, BrokenProcessPool):
                    break
                yield index, result
            for index in running:
                deaths[index] += alone
                if deaths[index] >= DEATHS:
                    yield index, WorkerDiedError(f"its worker died {DEATHS} times")
                else:
                    suspects.append(index)


def _drain(
    work: Callable[[T], R],
    tasks: Sequence[T],
    queue: deque[int],
    running: list[int],
    workers: _Workers,
) -> Iterator[tuple[int, R | Exception]]:
    """Results of a queue's tasks until it is empty, or a worker dies.

    ``running`` holds what is being worked on; what a broken pool leaves in it has no result.
    """
    with workers.begin() as executor:
        futures: dict[Future[R], int] = {}
        most = 1 if workers.most == 1 else AHEAD * workers.most
        while queue or futures:
            while queue and len(futures) < most:
                index = queue.popleft()
                running.append(index)
                try:
                    futures[executor.submit(work, tasks[index])] = index
                except BrokenProcessPool as broken:
                    yield index, broken
                    return
            for future in wait(futures, return_when=FIRST_COMPLETED).done:
                index = futures.pop(future)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    yield index, error
                    return
                running.remove(index)
                yield index, error if isinstance(error, Exception) else future.result()


def threads(most: int) -> int:
    """Threads that a piece of work may take: one a core, and in a pool's worker one.

    The other workers have the other cores, and each thread holds a track.

    Args:
        most: that help.
    """
    return 1 if multiprocessing.parent_process() else min(most, os.cpu_count() or 1)


def _end_with_parent() -> None:
    """In a worker: end when the process that hands out the work is gone, even if it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        connection.wait([sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()


class RayPool(NamedTuple):
    """A Ray cluster, or Ray on this machine."""

    address: str | None = None
    """Of the cluster; None starts Ray here, or takes ``RAY_ADDRESS``."""
    workers: int = 0
    """Tasks at a time; 0 takes one a core of the cluster."""

    def run(
        self, work: Callable[[T], R], tasks: Sequence[T]
    ) -> Iterator[tuple[int, R | Exception]]:
        """See `Pool`. Ray begins a task again whose worker or machine is lost.

        Raises:
            FoleyError: ``part_missing`` if Ray is not installed.
        """
        ray = _ray()
        if not ray.is_initialized():
            ray.init(address=self.address, log_to_driver=False, include_dashboard=False)
        remote = ray.remote(num_cpus=1, max_retries=DEATHS)(work)
        most = AHEAD * (self.workers or int(ray.cluster_resources().get("CPU", 1)))
        left = deque(range(len(tasks)))
        running: dict[Any, int] = {}
        while left or running:
            while left and len(running) < most:
                index = left.popleft()
                running[remote.remote(tasks[index])] = index
            done, _ = ray.wait(list(running), num_returns=1)
            for reference in done:
                index = running.pop(reference)
                try:
                    yield index, ray.get(reference)
                except ray.exceptions.RayTaskError as error:
                    yield index, error.as_instanceof_cause()
                except ray.exceptions.WorkerCrashedError as error:
                    yield index, WorkerDiedError(str(error).split("\n", 1)[0])


def _ray() -> Any:
    try:
        import ray  # noqa: PLC0415 - 350 MB, an extra
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "Ray is not installed.",
            "Install foley-designer[cluster], or leave --ray out.",
        ) from error
    return ray
