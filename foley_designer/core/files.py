"""Files: written beside their place and renamed, hashed by content, confined to allowed folders."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError

_UNFINISHED = ".part-"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success it replaces ``path``, else it goes.

    Raises:
        FoleyError: ``disk_full`` or ``output_not_writable``; ``path`` is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise writing_error(error, path) from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
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


def place(source: Path, target: Path) -> None:
    """Link a file where the file system can, else copy it; the target appears at once.

    Raises:
        FoleyError: as `replacing` raises.
    """
    with replacing(target) as temporary:
        temporary.unlink()
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)


def writing_error(error: OSError, path: Path) -> FoleyError:
    """The anticipated failure behind an operating system's refusal to write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
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


def sweep(folder: Path) -> None:
    """Remove what killed writers left unfinished in a folder; nobody may be writing there now."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        left.unlink(missing_ok=True)


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def inside(path: Path, *roots: Path) -> Path:
    """The path with links resolved, if it lies within one of ``roots``.

    Raises:
        FoleyError: ``path_not_allowed``.
    """
    resolved = path.resolve()
    if any(resolved.is_relative_to(root.resolve()) for root in roots):
        return resolved
    raise FoleyError(
        ErrorCode.PATH_NOT_ALLOWED,
        f"{path} is outside the allowed folders.",
        f"Allowed: {', '.join(str(root) for root in roots)}.",
    )
