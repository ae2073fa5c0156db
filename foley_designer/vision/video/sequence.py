"""The files of a clip: one film, or a numbered sequence of images such as ``shot_%04d.png``."""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".dpx", ".exr", ".tga"})
"""Suffixes of images that a sequence may be made of."""
MOST_FILES = 4 * 3600 * 60
_PLACE = re.compile(r"%(0(\d))?d")
_MOST_NAMED = 5


class Sequence(NamedTuple):
    """A numbered sequence of images."""

    pattern: Path
    """Path with ``%d`` or ``%04d`` for the number."""
    first: int
    files: tuple[Path, ...]
    """In order, without a gap."""


def sequence_of(path: Path) -> Sequence | None:
    """The sequence that a path with ``%d`` or ``%04d`` in its name stands for; None for a film.

    Raises:
        FoleyError: ``clip_not_found`` if no file has such a name, ``clip_unreadable`` if the
            numbers have gaps or the files are no images, ``clip_too_large``.
    """
    place = _PLACE.search(path.name)
    if place is None or path.is_file():
        return None
    if path.suffix.lower() not in IMAGES:
        raise FoleyError(
            ErrorCode.CLIP_UNREADABLE,
            f"{path.name} is no sequence of images that can be read.",
            f"Number files of a kind among {', '.join(sorted(IMAGES))}.",
        )
    found = _numbered(path, place)
    if not found:
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND,
            f"No image in {path.parent} is named like {path.name}.",
            "Check the folder and the digits: %04d stands for 0001, 0002 and so on.",
        )
    numbers = sorted(found)
    if len(numbers) > MOST_FILES:
        raise FoleyError(
            ErrorCode.CLIP_TOO_LARGE,
            f"{path.name} has {len(numbers)} images.",
            "Cut it into scenes of at most four hours.",
        )
    _refuse_gaps(path, numbers)
    return Sequence(path, numbers[0], tuple(found[number] for number in numbers))


def _numbered(path: Path, place: "re.Match[str]") -> dict[int, Path]:
    """Files beside the pattern by their number."""
    width = int(place[2]) if place[1] else 0
    digits = rf"(\d{{{width},9}})" if width else r"(0|[1-9]\d{0,8})"
    head, tail = path.name[: place.start()], path.name[place.end() :]
    name = re.compile(re.escape(head) + digits + re.escape(tail))
    if not path.parent.is_dir():
        return {}
    return {
        int(match[1]): file
        for file in path.parent.iterdir()
        if (match := name.fullmatch(file.name)) and file.is_file()
        # %04d of 12345 has five digits, but of 00012 it has four.
        if len(match[1]) == width or not match[1].startswith("0") or not width
    }


def _refuse_gaps(path: Path, numbers: list[int]) -> None:
    missing = (
        sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
        if (numbers[-1] - numbers[0] < 2 * MOST_FILES)
        else [numbers[0] + 1]
    )
    if missing:
        named = ", ".join(str(number) for number in missing[:_MOST_NAMED])
        more = " and others" if len(missing) > _MOST_NAMED else ""
        raise FoleyError(
            ErrorCode.CLIP_UNREADABLE,
            f"{path.name} has no image {named}{more}: time would shrink there.",
            "Render the missing frames, or number them without a gap.",
        )


def clip_exists(path: Path) -> bool:
    """Whether a path names a film or a sequence of images; raises as `sequence_of`."""
    return path.is_file() or sequence_of(path) is not None


def clip_hash(path: Path) -> str:
    """SHA-256 (hex) of a film's bytes, or of the names and bytes of a sequence's images."""
    sequence = sequence_of(path)
    if sequence is None:
        return file_hash(path)
    digest = hashlib.sha256()
    for file in sequence.files:
        digest.update(f"{file.name}\n{file_hash(file)}\n".encode())
    return digest.hexdigest()


def clip_stamp(path: Path) -> tuple[int, int]:
    """Bytes in all and newest time of change, in nanoseconds, of a film or a sequence's images."""
    sequence = sequence_of(path)
    about = [file.stat() for file in (sequence.files if sequence else (path,))]
    return sum(one.st_size for one in about), max(one.st_mtime_ns for one in about)
