"""A session is a directory: a record, a store, an append-only log, and what was delivered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from foley_designer.core.documents import D, Part, Ref, canonical_json, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded, file_hash, inside, sweep, write_text, writing_error
from foley_designer.core.reading import UnreadableError, read_bytes, read_json
from foley_designer.core.session.links import refuse_links
from foley_designer.core.session.session_record import LogEntry, SessionRecord, Stage
from foley_designer.core.session.store import Store
from foley_designer.core.work.locks import held

if TYPE_CHECKING:
    from foley_designer.core.session.roles import Delivered

P = TypeVar("P", bound=Part)
NAME = r"[^\W_][\w .,'’&+()/#!-]{0,39}"
"""Of a revision, as people call takes."""


class Session:
    """The files of one session. Every write goes beside its place and is renamed.

    A session may have come from anywhere: whatever is read of it is checked, and no link in it is
    followed out of it.

    Args:
        root: the session's folder; it need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = expanded(root).absolute()

    @property
    def hidden(self) -> Path:
        """Folder of what the program keeps for itself."""
        return self.root / ".foley"

    @cached_property
    def store(self) -> Store:
        """What is kept by content."""
        return Store(self.hidden)

    @property
    def takes(self) -> Path:
        """Folder of takes, addressed by what made them."""
        return self.hidden / "takes"

    @property
    def keyframes(self) -> Path:
        """Folder of keyframes."""
        return self.hidden / "keyframes"

    @property
    def arrays(self) -> Path:
        """Folder of documents that travel to tools and back as arrays."""
        return self.hidden / "arrays"

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
        hidden = (self.hidden / "objects", self.arrays, self.takes, self.keyframes, self.pictures)
        return (*hidden, self.stems)

    def create(self) -> None:
        """Make the folders.

        Raises:
            FoleyError: ``output_not_writable`` or ``disk_full``; ``path_not_allowed`` if a link
                leads out of the session.
        """
        refuse_links(self.root)
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
        busy = f"Another process works on {self.root}."
        hint = "Wait until it is done, or choose another --out."
        with held(self.hidden / "lock", busy, hint):
            for folder in (self.root, self.stems, self.takes, self.hidden / "stems"):
                sweep(folder)
            yield

    def path(self, name: str) -> Path:
        """A path inside the session.

        Raises:
            FoleyError: ``path_not_allowed`` for anything that leads outside.
        """
        return inside(self.root / name, self.root)

    def put(self, document: D) -> Ref[D]:
        """Keep a document in the store and return its hash."""
        return self.store.put(document)

    def get(self, kind: type[D], digest: Ref[D]) -> D:
        """A document of the store; raises as `Store.get` does."""
        return self.store.get(kind, digest)

    def record(self) -> SessionRecord | None:
        """The session's record, or None if there is none yet.

        Raises:
            FoleyError: as `Document.from_json`; ``path_not_allowed`` if a link leads out of the
                session.
        """
        refuse_links(self.root)
        if not self.record_file.is_file():
            return None
        return SessionRecord.from_json(_bytes(self.record_file))

    def finished(self) -> SessionRecord:
        """The record of a finished design.

        Raises:
            FoleyError: ``session_not_found``; ``document_invalid`` if it says done and isn't;
                as `record`.
        """
        record = self.record()
        if record is None or record.stage is not Stage.DONE:
            raise FoleyError(
                ErrorCode.SESSION_NOT_FOUND,
                f"{self.root} holds no finished design.",
                "Design a clip into this folder first: foley-designer design CLIP --out FOLDER.",
            )
        if lacks := record.lacks:
            raise _invalid(self.record_file, f"it lacks {lacks}", "Design anew with --replace.")
        return record

    def changed(self, record: SessionRecord) -> tuple[str, ...]:
        """Delivered files that are gone, or whose bytes are not those that the record names."""
        files = {stem.file: stem.sha256 for stem in record.stems}
        files |= record.mix.files if record.mix else {}
        paths = {name: self.path(name) for name in files}
        return tuple(
            name
            for name, path in paths.items()
            if not path.is_file() or file_hash(path) != files[name]
        )

    def whole(self) -> SessionRecord:
        """The record of a finished design whose delivered files are all as they were delivered.

        Raises:
            FoleyError: ``session_damaged`` if one is not, as after an edit in place or a
                revision that was killed; as `finished`.
        """
        record = self.finished()
        if changed := self.changed(record):
            raise FoleyError(
                ErrorCode.SESSION_DAMAGED,
                f"{', '.join(changed[:3])} of {self.root} is not as it was delivered.",
                "Give the design's command again: it delivers what the session keeps.",
            )
        return record

    def save(self, record: SessionRecord) -> None:
        """Replace the session's record."""
        write_text(self.record_file, record.to_json())

    def commit(self, documents: "Delivered", reason: str) -> str:
        """Append a revision of the current one and return its id.

        A log that ends with the same revision already, as after a stop, stays as it is.
        """
        record, log = self.record(), self.revisions()
        last = log[-1] if log else None
        parent = record.revision if record else last and last.id
        if last and last.documents == documents and parent in (last.parent, last.id):
            return last.id
        revision = content_hash(parent, documents, reason)[:16]
        entry = LogEntry(id=revision, parent=parent, documents=documents, reason=reason)
        lines = [canonical_json(one.model_dump(mode="json")) for one in (*log, entry)]
        write_text(self.revisions_file, "".join(lines))
        return revision

    def revisions(self) -> tuple[LogEntry, ...]:
        """All revisions, oldest first.

        Raises:
            FoleyError: ``document_invalid`` with the first line that is none.
        """
        if not self.revisions_file.is_file():
            return ()
        lines = _bytes(self.revisions_file).splitlines()
        return tuple(_entry(line, number) for number, line in enumerate(lines, 1) if line.strip())

    def documents_of(self, revision: str) -> "Delivered":
        """Role to hash of a revision's documents.

        Raises:
            FoleyError: ``session_not_found``.
        """
        for entry in self.revisions():
            if entry.id == revision and "rendition" in entry.documents:
                return entry.documents
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
        if not self.names_file.is_file():
            return {}
        try:
            names = read_json(_bytes(self.names_file))
        except UnreadableError as error:
            raise _invalid(self.names_file, str(error), "Remove the file.") from error
        if not isinstance(names, dict) or not all(isinstance(one, str) for one in names.values()):
            raise _invalid(self.names_file, "no list of names", "Remove the file.")
        return names

    def name(self, revision: str, name: str) -> None:
        """Give a revision a name, which it takes from another one that has it.

        Raises:
            FoleyError: ``revision_invalid`` for a name that is none, or that is a revision's id.
        """
        taken = any(entry.id == name for entry in self.revisions())
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
        ids = [entry.id for entry in self.revisions()]
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


def _bytes(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except (UnreadableError, OSError) as error:
        raise _invalid(path, str(error), "Check its rights.") from error


def _entry(line: bytes, number: int) -> LogEntry:
    try:
        return LogEntry.model_validate(read_json(line))
    except (UnreadableError, ValidationError) as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"revisions.jsonl, line {number}, is no revision.",
            "Put the file back from a copy, or design anew with --replace.",
        ) from error


def _invalid(path: Path, problem: str, hint: str) -> FoleyError:
    return FoleyError(ErrorCode.DOCUMENT_INVALID, f"Can't read {path}: {problem}.", hint)


def read_part(kind: type[P], path: Path) -> P:
    """A piece of a session that is a file of its own.

    Raises:
        FoleyError: ``document_invalid``.
    """
    try:
        return kind.model_validate(read_json(_bytes(path)))
    except (UnreadableError, ValidationError) as error:
        raise _invalid(path, "it is not of its form", "Remove the file.") from error


def write_json(path: Path, value: object) -> None:
    """Write canonical JSON atomically."""
    write_text(path, canonical_json(value))
