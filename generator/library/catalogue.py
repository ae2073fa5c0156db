"""The catalogue on disk: one row a file in SQLite, beside the text vectors that derive from it."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import writing_error
from foley_designer.generator.library.descriptors import sound_vector
from foley_designer.generator.library.recording import FILE_NAME, Recording

_SCHEMA = """
CREATE TABLE IF NOT EXISTS recordings (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    key TEXT NOT NULL, text TEXT NOT NULL, sound BLOB NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
"""


class Refused(NamedTuple):
    """A file that can't be used, and why."""

    path: str
    root: str
    size: int
    mtime_ns: int
    reason: str


class Entry(NamedTuple):
    """What searching needs of a recording."""

    path: str
    key: str
    """Hash of its path, bytes and text."""
    text: str
    sound: NDArray[np.float32]


class Root(NamedTuple):
    """A folder that the user added."""

    path: str
    recordings: int
    refused: int


class Catalogue:
    """Recordings by path.

    Args:
        folder: where it is kept; made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise writing_error(error, folder) from error
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    def stamps(self, root: str) -> dict[str, tuple[int, int]]:
        """Size and modification time of every file known under a root, refused ones too."""
        query = "SELECT path, size, mtime_ns FROM {} WHERE root = ?"
        with self._connected() as connection:
            return {
                path: (size, mtime_ns)
                for table in ("recordings", "refused")
                for path, size, mtime_ns in connection.execute(query.format(table), (root,))
            }

    def put(self, recordings: Iterable[Recording], refused: Iterable[Refused]) -> None:
        """Insert or replace."""
        rows = [
            (
                each.path,
                each.root,
                each.size,
                each.mtime_ns,
                _key(each),
                each.text,
                sound_vector(each.traits).tobytes(),
                each.model_dump_json(),
            )
            for each in recordings
        ]
        refused = list(refused)
        with self._connected() as connection:
            _delete(connection, [row[0] for row in rows] + [each.path for each in refused])
            connection.executemany("INSERT INTO recordings VALUES (?,?,?,?,?,?,?,?)", rows)
            connection.executemany("INSERT INTO refused VALUES (?,?,?,?,?)", refused)

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files."""
        with self._connected() as connection:
            _delete(connection, list(paths))

    def roots(self) -> tuple[Root, ...]:
        """The folders that were added, by name."""
        query = """
            SELECT root, SUM(used), SUM(1 - used) FROM (
                SELECT root, 1 AS used FROM recordings UNION ALL SELECT root, 0 FROM refused
            ) GROUP BY root ORDER BY root"""
        with self._connected() as connection:
            return tuple(Root(*row) for row in connection.execute(query))

    def refused(self) -> tuple[Refused, ...]:
        """Files that can't be used, by path."""
        with self._connected() as connection:
            rows = connection.execute("SELECT * FROM refused ORDER BY path")
            return tuple(Refused(*row) for row in rows)

    def entries(self) -> tuple[Entry, ...]:
        """All recordings as searching needs them, by path."""
        with self._connected() as connection:
            rows = connection.execute("SELECT path, key, text, sound FROM recordings ORDER BY path")
            return tuple(
                Entry(path, key, text, np.frombuffer(sound, dtype=np.float32))
                for path, key, text, sound in rows
            )

    def get(self, paths: Iterable[str]) -> tuple[Recording, ...]:
        """Recordings by path, in the order asked for; unknown ones are left out."""
        query = "SELECT record FROM recordings WHERE path = ?"
        with self._connected() as connection:
            rows = (connection.execute(query, (path,)).fetchone() for path in paths)
            return tuple(Recording.model_validate_json(row[0]) for row in rows if row)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._file, timeout=30)
        except sqlite3.Error as error:
            raise _damaged(self._file, error) from error
        try:
            with connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise _damaged(self._file, error) from error
        finally:
            connection.close()


def contents_hash(entries: Iterable[Entry]) -> str:
    """Hash (hex) over all recordings: their paths, bytes and words."""
    digest = sha256()
    for entry in entries:
        digest.update(entry.key.encode())
    return digest.hexdigest()


def _key(recording: Recording) -> str:
    parts = (recording.path, recording.sha256, recording.text)
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _delete(connection: sqlite3.Connection, paths: list[str]) -> None:
    rows = [(path,) for path in paths]
    connection.executemany("DELETE FROM recordings WHERE path = ?", rows)
    connection.executemany("DELETE FROM refused WHERE path = ?", rows)


def _damaged(file: Path, error: sqlite3.Error) -> FoleyError:
    return FoleyError(
        ErrorCode.OUTPUT_NOT_WRITABLE,
        f"The library's catalogue {file} can't be used: {error}.",
        "Free space, or delete the catalogue and add your folders again.",
    )
