"""Working ahead: what is slow to come is made in a thread of its own while the rest goes on."""

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

from foley_designer.core.work.pool import threads

T = TypeVar("T")

MOST = 8
"""Items that may wait; memory stays flat."""
WAITS_S = 0.1
"""How often a full queue is tried again: only an ending is noticed that late."""


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items, made in a thread of its own if there is a core for it.

    An error of theirs is raised where it stands among them. The thread ends when the iterator is
    closed or forgotten.
    """
    if threads(2) < 2:
        yield from items
        return
    waiting: Queue[tuple[T] | BaseException | None] = Queue(MOST)
    ends = Event()

    def put(value: tuple[T] | BaseException | None) -> None:
        while not ends.is_set():
            with suppress(Full):
                waiting.put(value, timeout=WAITS_S)
                return

    def make() -> None:
        try:
            for item in items:
                put((item,))
                if ends.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where it is asked for
            put(error)

    worker = Thread(target=make, daemon=True)
    worker.start()
    try:
        while (value := waiting.get()) is not None:
            if isinstance(value, BaseException):
                raise value
            yield value[0]
    finally:
        ends.set()
        worker.join()
