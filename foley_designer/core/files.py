"""Files: written beside their place and renamed, hashed by content, confined to allowed folders."""

import errno
import hashlib
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError

_UNFINISHED = ".part-"
_FICLONE = 0x40049409
"""Linux's request to share a file's blocks until one of the two is written (ioctl_ficlone(2))."""

_WAYS_OUT = {
    errno.EACCES: "Check the rights of that file or folder.",
    errno.EPERM: "Check the rights of that file or folder.",
    errno.EMFILE: "Too many files are open: raise `ulimit -n`.",
    errno.ENAMETOOLONG: "Choose shorter names.",
    errno.ELOOP: "A link leads in a circle: remove it.",
    errno.ENOMEM: "Close other programs and give the same command again.",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success it replaces ``path``, else it goes.

    Who may read and write the file follows the umask, as for any file that a program makes.

    Raises:
        FoleyError: ``disk_full`` or ``output_not_writable``; ``path`` is then as it was.
    """
    temporary = path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise writing_error(error, path) from error
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise writing_error(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically; raises as `replacing` does."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes atomically; raises as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def copy(source: Path, target: Path) -> None:
    """Copy a file, which appears at once; blocks are shared where the file system can (a reflink).

    The two are never one file: whoever edits the copy in place leaves the source as it was.

    Raises:
        FoleyError: as `replacing` raises.
    """
    with replacing(target) as temporary:
        if not _cloned(source, temporary):
            shutil.copyfile(source, temporary)


def _cloned(source: Path, target: Path) -> bool:
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        with source.open("rb") as given, target.open("wb") as made:
            fcntl.ioctl(made, _FICLONE, given.fileno())
    except (ImportError, OSError):
        return False
    return True


def writing_error(error: OSError, path: Path) -> FoleyError:
    """The anticipated failure behind an operating system's refusal to write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FoleyError(
            ErrorCode.DISK_FULL,
            f"No space left to write {path.name}.",
            "Free space and run the same command again; finished work is kept.",
        )
    return FoleyError(
        ErrorCode.OUTPUT_NOT_WRITABLE,
        f"Can't write {path}: {error.strerror or error}.",
        "Choose another --out.",
    )


def system_error(error: OSError) -> FoleyError:
    """The anticipated failure behind any other refusal of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return writing_error(error, Path(error.filename or "a file of the session"))
    what = f" ({error.filename})" if error.filename else ""
    return FoleyError(
        ErrorCode.SYSTEM_REFUSED,
        f"The system refused: {error.strerror or error or type(error).__name__}{what}.",
        _WAYS_OUT.get(error.errno or 0, "Mend that and give the same command again."),
    )


def sweep(folder: Path) -> None:
    """Remove what killed writers left unfinished in a folder; nobody may be writing there now."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        left.unlink(missing_ok=True)


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces.

    A file that has lain still is read once a process: its place on disk, size and both times say
    that it is the same, and the time of its last change (ctime) can't be set back by who edits it.
    """
    seen = settled(path)
    return _read_hash(path) if seen is None else _known_hash(seen)


def settled(path: Path) -> "Seen | None":
    """A file that has lain still, to keep what was read of it by; None for one that has not.

    Raises:
        OSError: there is no such file.
    """
    found = path.stat()
    if time.time() - max(found.st_mtime, found.st_ctime) < SETTLED_S:
        return None
    key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return Seen(path, key)


SETTLED_S = 2.0
"""How long a file must have lain still: coarser than the times of any file system (FAT: 2 s)."""


class Seen:
    """A file as it was found; two are the same by what the file system says of them alone."""

    def __init__(self, path: Path, key: tuple[int, ...]) -> None:
        self.path = path
        self.key = key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self.key == other.key


@lru_cache(maxsize=4096)
def _known_hash(seen: Seen) -> str:
    return _read_hash(seen.path)


def _read_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def expanded(path: Path) -> Path:
    """The path with a leading ``~`` replaced by that home; as it is if there is none."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def inside(path: Path, *roots: Path) -> Path:
    """The path with links resolved, if it lies within one of ``roots``.

    Raises:
        FoleyError: ``path_not_allowed``.
    """
    return within(path, roots, [root.resolve() for root in roots])


def within(path: Path, roots: Sequence[Path], resolved_roots: Sequence[Path]) -> Path:
    """As `inside`, by roots whose links were resolved already.

    Raises:
        FoleyError: ``path_not_allowed``.
    """
    try:
        resolved = path.resolve()
    except (ValueError, RuntimeError) as error:  # a null byte; links in a circle
        raise FoleyError(ErrorCode.PATH_NOT_ALLOWED, f"{path} is no path: {error}.") from error
    if any(resolved.is_relative_to(root) for root in resolved_roots):
        return resolved
    raise FoleyError(
        ErrorCode.PATH_NOT_ALLOWED,
        f"{path} is outside the allowed folders.",
        f"Allowed: {', '.join(str(root) for root in roots)}.",
    )
