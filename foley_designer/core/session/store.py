"""The store: everything that a session keeps, by content, verified wherever it is read.

Documents lie under the hash of what they say. Sounds lie under the hash of what made them; a
sidecar, written after its sound, names the hash of the bytes. What is read back and isn't what was
kept counts as absent: a document is refused, a sound is rendered again by those who know how. A
session may have come from anywhere, so names are hashes, nothing is linked and nothing is executed.
"""

import hashlib
import re
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, cast

from foley_designer.core.documents import D, Document, Ref, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, write_text
from foley_designer.core.reading import UnreadableError, read_bytes, read_json

_KEY = re.compile(r"[0-9a-f]{16,64}")


class Shelf(StrEnum):
    """Where sounds of a kind lie."""

    TAKES = "takes"
    STEMS = "stems"
    MIXES = "mixes"


class KeptSound(Document):
    """The sidecar of a sound of which no more need be known."""

    SCHEMA = "kept-sound"

    sha256: str
    """Of the sound's bytes."""


class Store:
    """What a session keeps.

    Args:
        folder: the session's ``.foley``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, document: D) -> Ref[D]:
        """Keep a document and return its hash; a damaged copy of it is replaced."""
        digest = document.hash
        path = self.folder / "objects" / f"{digest}.json"
        text = document.to_json(indent=None)
        if not (path.is_file() and path.read_bytes() == text.encode()):
            write_text(path, text)
        _VERIFIED.keep(digest, text.encode(), document)
        return cast("Ref[D]", digest)

    def get(self, kind: type[D], digest: Ref[D]) -> D:
        """The document of this hash.

        Raises:
            FoleyError: ``session_not_found`` if it is gone, ``document_invalid`` if it isn't
                what was kept, or as `Document.from_json`.
        """
        path = self.folder / "objects" / f"{_named(digest)}.json"
        if not path.is_file():
            raise FoleyError(
                ErrorCode.SESSION_NOT_FOUND,
                f"{self.folder.parent} lacks the stored {kind.SCHEMA} {digest[:12]}.",
                "Design the clip again into this folder; whole stems are kept.",
            )
        try:
            data = read_bytes(path)
        except UnreadableError as error:
            raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name}: {error}.") from error
        known = _VERIFIED.known(digest, data)
        found = known if isinstance(known, kind) else _document(kind, path, digest)
        _VERIFIED.keep(digest, data, found)
        return found

    def place(self, shelf: Shelf, key: str) -> Path:
        """Where the sound of this key lies, or will lie.

        Raises:
            FoleyError: ``document_invalid`` for what is no key.
        """
        return self.folder / shelf / f"{_named(key)}.wav"

    def sound(self, shelf: Shelf, key: str) -> Path | None:
        """The sound of this key with the bytes that were kept; None if it is absent or damaged.

        Raises:
            FoleyError: ``document_invalid`` for what is no key.
        """
        path = self.place(shelf, key)
        try:
            told = _sidecar(path)
        except FoleyError:
            return None
        whole = path.is_file() and file_hash(path) == told.get("sha256")
        return path if whole else None

    def about(self, kind: type[D], shelf: Shelf, key: str) -> D:
        """What the sidecar of a sound says; raises as `Document.from_json` does."""
        return kind.from_plain(_sidecar(self.place(shelf, key)))

    def keep(self, shelf: Shelf, key: str, about: Document | None = None) -> Path:
        """Take the sound that was written to its `place` into the store.

        Args:
            shelf: where it lies.
            key: hash of what made it.
            about: its sidecar, with a field ``sha256``; None says no more than the hash.
        """
        path = self.place(shelf, key)
        told = about or KeptSound(sha256=file_hash(path))
        write_text(path.with_suffix(".json"), told.to_json())
        return path


LARGEST_KEPT = 4 << 20
"""Bytes of a document that a process keeps once it was read and verified."""
MOST_KEPT = 64
"""Documents that are kept so; a revision reads under forty."""


class _Verified:
    """Documents that this process wrote, or read and verified, with the hash of their bytes.

    A file is still read each time: what it says is parsed and verified again if a byte differs.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[str, Document]] = {}

    def known(self, digest: str, data: bytes) -> Document | None:
        """The document of these bytes, if it is kept under this name."""
        found = self._kept.get(digest)
        return found[1] if found and found[0] == hashlib.sha256(data).hexdigest() else None

    def keep(self, digest: str, data: bytes, document: Document) -> None:
        """Keep a document; the one that was kept longest goes."""
        if len(data) > LARGEST_KEPT:
            return
        with self._lock:  # specialists and takes work side by side
            self._kept.pop(digest, None)
            self._kept[digest] = (hashlib.sha256(data).hexdigest(), document)
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]


_VERIFIED = _Verified()


def _document(kind: type[D], path: Path, digest: str) -> D:
    """The document of a file, verified."""
    data = _read(path)
    if _content_hash(data) != digest:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"The stored {kind.SCHEMA} {digest[:12]} of {path.parents[2]} was changed.",
            "Design the clip again into this folder: it is written again.",
        )
    return kind.from_plain(data)


def _named(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{key!r:.80} names nothing in a session.")
    return key


def _sidecar(sound: Path) -> dict[str, Any]:
    return _read(sound.with_suffix(".json"))


def _read(path: Path) -> dict[str, Any]:
    try:
        value = read_json(read_bytes(path))
    except UnreadableError as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name}: {error}.") from error
    if not isinstance(value, dict):
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name} is no document.")
    return value


def _content_hash(data: dict[str, Any]) -> str:
    """The hash under which a document of any version was kept, from its plain form."""
    rest = {key: value for key, value in data.items() if key not in ("schema", "schema_version")}
    try:
        return content_hash(data.get("schema"), data.get("schema_version"), rest)
    except ValueError:  # an infinity, or half a character
        return ""
