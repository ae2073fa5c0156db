"""The ledger of a build: which items are made and which shards are whole, in SQLite.

A row is written after its files, so a build that was killed finds at worst files without a row,
and makes those items again: the same bytes.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shards (
    file TEXT PRIMARY KEY, members TEXT NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """What came of one item."""

    key: str
    sha256: str
    """Over its annotation and its sound; empty where it could not be made."""
    seconds: float
    reason: str
    """Why it could not be made; empty where it was."""


class Packed(NamedTuple):
    """A shard that was written."""

    file: str
    members: tuple[str, ...]
    """Keys in order."""
    sha256: str


class Ledger:
    """One build's.

    Args:
        file: made where it is missing.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(_SCHEMA)

    def items(self) -> dict[str, Row]:
        """Every item that is known, by key."""
        rows = self._connection.execute("SELECT key, sha256, seconds, reason FROM items")
        return {row[0]: Row(*row) for row in rows}

    def put(self, row: Row) -> None:
        """Insert or replace an item."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO items VALUES (?,?,?,?)", row)

    def shards(self) -> tuple[Packed, ...]:
        """Every shard that is known."""
        rows = self._connection.execute("SELECT file, members, sha256 FROM shards ORDER BY file")
        return tuple(Packed(file, tuple(keys.split()), sha) for file, keys, sha in rows)

    def put_shard(self, packed: Packed) -> None:
        """Insert or replace a shard."""
        row = (packed.file, " ".join(packed.members), packed.sha256)
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO shards VALUES (?,?,?)", row)

    def drop_shards(self, files: Iterable[str]) -> None:
        """Forget shards."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM shards WHERE file = ?", [(file,) for file in files]
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
