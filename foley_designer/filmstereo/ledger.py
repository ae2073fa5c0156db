"""The ledger of a build: which items are made and which shards are whole."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.work.ledger import Ledger

_SCHEMA = """
CREATE TABLE IF NOT EXISTS shards (
    file TEXT PRIMARY KEY, members TEXT NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


class Packed(NamedTuple):
    """A shard that was written."""

    file: str
    members: tuple[str, ...]
    """Keys in order."""
    sha256: str


class BuildLedger(Ledger):
    """One build's: items by key, with their length and a hash over annotation and sound; shards.

    Args:
        file: made if it is missing.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._connection.executescript(_SCHEMA)

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
