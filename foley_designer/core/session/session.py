"""A session is a directory: a record, documents by hash, takes by key, and an append-only log."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from foley_designer.core.documents import Document, canonical_json, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import inside, sweep, write_text, writing_error
from foley_designer.core.session.session_record import SessionRecord

D = TypeVar("D", bound=Document)
NAME = r"[^\W_][\w .,'’&+()/#!-]{0,39}"
"""Of a revision, as people call takes."""


class Session:
    """The files of one session. Every write goes beside its place and is renamed.

    Args:
        root: the session's folder; it need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()

    @property
    def hidden(self) -> Path:
        """Folder of what the program keeps for itself."""
        return self.root / ".foley"

    @property
    def takes(self) -> Path:
        """Folder of takes, addressed by what made them."""
        return self.hidden / "takes"

    @property
    def keyframes(self) -> Path:
        """Folder of keyframes."""
        return self.hidden / "keyframes"

    @property
    def pictures(self) -> Path:
        """Folder of the pictures of sound that a seeing model is shown."""
        return self.hidden / "pictures"

    @property
    def stems(self) -> Path:
        """Folder of delivered stems."""
        return self.root / "stems"

    @property
    def checkpoints(self) -> Path:
        """The graph's checkpoint database."""
        return self.hidden / "checkpoints.sqlite"

    @property
    def record_file(self) -> Path:
        """``session.json``."""
        return self.root / "session.json"

    @property
    def names_file(self) -> Path:
        """Names of revisions."""
        return self.root / "names.json"

    @property
    def revisions_file(self) -> Path:
        """The append-only log of revisions."""
        return self.root / "revisions.jsonl"

    @property
    def _folders(self) -> tuple[Path, ...]:
        return (self.hidden / "objects", self.takes, self.keyframes, self.pictures, self.stems)

    def create(self) -> None:
        """Make the folders.

        Raises:
            FoleyError: ``output_not_writable`` or ``disk_full``.
        """
        try:
            for folder in self._folders:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise writing_error(error, self.root) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the session against other processes; what a killed one left unfinished goes.

        Raises:
            FoleyError: ``session_busy``.
        """
        try:
            with FileLock(self.hidden / "lock", timeout=0):
                for folder in (self.root, self.stems, self.takes, self.hidden / "stems"):
                    sweep(folder)
                yield
        except Timeout as error:
            raise FoleyError(
                ErrorCode.SESSION_BUSY,
                f"Another process works on {self.root}.",
                "Wait until it is done, or choose another --out.",
            ) from error

    def path(self, name: str) -> Path:
        """A path inside the session.

        Raises:
            FoleyError: ``path_not_allowed`` for anything that leads outside.
        """
        return inside(self.root / name, self.root)

    def put(self, document: Document) -> str:
        """Store a document by its hash and return the hash."""
        digest = document.hash
        path = self.hidden / "objects" / f"{digest}.json"
        if not path.exists():
            write_text(path, document.to_json(indent=None))
        return digest

    def get(self, kind: type[D], digest: str) -> D:
        """Read a stored document.

        Raises:
            FoleyError: ``session_not_found`` where the object is gone, or as `Document.from_json`.
        """
        path = self.hidden / "objects" / f"{digest}.json"
        try:
            return kind.from_json(path.read_bytes())
        except OSError as error:
            raise FoleyError(
                ErrorCode.SESSION_NOT_FOUND,
                f"{self.root} lacks the stored {kind.SCHEMA} {digest[:12]}.",
                "Design the clip again into this folder; whole stems are kept.",
            ) from error

    def record(self) -> SessionRecord | None:
        """The session's record, or None where there is none yet.

        Raises:
            FoleyError: as `Document.from_json`.
        """
        if not self.record_file.is_file():
            return None
        return SessionRecord.from_json(self.record_file.read_bytes())

    def save(self, record: SessionRecord) -> None:
        """Replace the session's record."""
        write_text(self.record_file, record.to_json())

    def commit(self, documents: dict[str, str], reason: str) -> str:
        """Append a revision of the current one and return its id.

        A log that ends with the same revision already, as after a stop, stays as it is.
        """
        record, log = self.record(), self.revisions()
        last = log[-1] if log else None
        parent = record.revision if record else last and last["id"]
        if last and last["documents"] == documents and parent in (last["parent"], last["id"]):
            return str(last["id"])
        revision = content_hash(parent, documents, reason)[:16]
        line = {"id": revision, "parent": parent, "documents": documents, "reason": reason}
        before = self.revisions_file.read_text() if self.revisions_file.exists() else ""
        write_text(self.revisions_file, before + json.dumps(line, sort_keys=True) + "\n")
        return revision

    def revisions(self) -> list[dict[str, object]]:
        """All revisions, oldest first."""
        if not self.revisions_file.is_file():
            return []
        return [json.loads(line) for line in self.revisions_file.read_text().splitlines() if line]

    def documents_of(self, revision: str) -> dict[str, str]:
        """Role to hash of a revision's documents.

        Raises:
            FoleyError: ``session_not_found``.
        """
        for line in self.revisions():
            documents = line["documents"]
            if line["id"] == revision and isinstance(documents, dict) and "rendition" in documents:
                return documents
        raise FoleyError(
            ErrorCode.SESSION_NOT_FOUND,
            f"{self.root} holds no rendition of revision {revision}.",
            "Design the clip again into this folder; whole stems are kept.",
        )

    def names(self) -> dict[str, str]:
        """Names that were given to revisions, each with its revision's id.

        Raises:
            FoleyError: ``document_invalid``.
        """
        try:
            names = json.loads(self.names_file.read_text())
            return {str(name): str(revision) for name, revision in names.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError, OSError) as error:
            raise FoleyError(
                ErrorCode.DOCUMENT_INVALID, f"Can't read {self.names_file}.", "Remove the file."
            ) from error

    def name(self, revision: str, name: str) -> None:
        """Give a revision a name, which it takes from another one that has it.

        Raises:
            FoleyError: ``revision_invalid`` for a name that is none, or that is a revision's id.
        """
        taken = any(line["id"] == name for line in self.revisions())
        if taken or not re.fullmatch(NAME, name):
            raise FoleyError(
                ErrorCode.REVISION_INVALID,
                f"{name[:60]!r} can't be a name.",
                "Use 1 to 40 letters, digits, spaces, hyphens and the like.",
            )
        write_json(self.names_file, self.names() | {name: revision})

    def revision(self, wanted: str) -> str:
        """The id of the revision of this id or name, whatever its case.

        Raises:
            FoleyError: ``revision_invalid``.
        """
        ids = [str(line["id"]) for line in self.revisions()]
        names = {name.casefold(): revision for name, revision in self.names().items()}
        found = wanted if wanted in ids else names.get(wanted.casefold())
        if found in ids:
            return str(found)
        known = ", ".join(self.names()) or "none"
        raise FoleyError(
            ErrorCode.REVISION_INVALID,
            f"There is no revision {wanted[:60]}.",
            f"Named ones: {known}; `foley-designer revisions` lists all.",
        )


def write_json(path: Path, value: object) -> None:
    """Write canonical JSON atomically."""
    write_text(path, canonical_json(value))
