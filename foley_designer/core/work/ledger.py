"""A ledger of work: which tasks are done, in SQLite.

A row is written after its files, so work that was killed finds at worst files without a row, and
makes those again: the same bytes.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """What came of one task."""

    key: str
    """Hash of all that makes it."""
    sha256: str
    """Of what was made; empty if it could not be made."""
    seconds: float
    """How long it is, or took; whoever writes rows says which."""
    reason: str
    """Why it could not be made; empty if it was."""


class Ledger:
    """One folder's.

    Args:
        file: made if it is missing.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def items(self) -> dict[str, Row]:
        """Every task that is known, by key."""
        rows = self._connection.execute("SELECT key, sha256, seconds, reason FROM items")
        return {row[0]: Row(*row) for row in rows}

    def put(self, row: Row) -> None:
        """Insert or replace a task."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO items VALUES (?,?,?,?)", row)

    def drop(self, keys: Iterable[str]) -> None:
        """Forget tasks."""
        with self._connection:
            self._connection.executemany("DELETE FROM items WHERE key = ?", [(k,) for k in keys])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
