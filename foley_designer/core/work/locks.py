"""Locks: one process at a time works in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from foley_designer.core.errors import ErrorCode, FoleyError


@contextmanager
def held(lock: Path, busy: str, hint: str) -> Iterator[None]:
    """Hold a lock file against other processes; the system lets it go where a process is killed.

    Args:
        lock: the file, in a folder that exists.
        busy: what to say where another process holds it.
        hint: what to do then.

    Raises:
        FoleyError: ``session_busy``.
        OSError: the system refuses.
    """
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout as error:
        raise FoleyError(ErrorCode.SESSION_BUSY, busy, hint) from error
