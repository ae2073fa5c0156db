"""Names as people and models write them, against names as they stand on disk."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

MOST_FILES = 5000
"""Files that are looked through for near names."""
MOST_NEAR = 3
LIKENESS = 0.6
"""Share of matching characters from which a name is near (`difflib.SequenceMatcher.ratio`)."""
FILMS = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".avi", ".webm", ".mxf", ".mts", ".m2ts", ".ts", ".mpg"}
    | {".mpeg", ".wmv", ".flv", ".gif", ".3gp"}
)
"""Suffixes by which a listing finds clips; others are read too if they are named."""


def same_name(name: str) -> str:
    """A name without what two ways of writing it differ in.

    File systems keep accents composed or apart (NFC, NFD), and screenshots have a narrow no-break
    space (U+202F) before AM and PM; a reader sees no difference.
    """
    plain = unicodedata.normalize("NFKC", name)
    return re.sub(r"\s+", " ", plain).strip().casefold()


def found_as(path: Path, root: Path) -> Path | None:
    """The one file below ``root`` whose path reads the same; None for none or several."""
    if path.is_file() or not path.is_relative_to(root):
        return None
    places = [root]
    for part in path.relative_to(root).parts:
        wanted = same_name(part)
        places = [
            child
            for place in places
            for child in _children(place)
            if same_name(child.name) == wanted
        ]
    return places[0] if len(places) == 1 and places[0].is_file() else None


def near(name: str, roots: tuple[Path, ...]) -> list[str]:
    """Names of files below the roots that are like a name, the nearest first."""
    by_name: dict[str, list[str]] = {}
    for root in roots:
        for file in files_below(root):
            by_name.setdefault(same_name(file.name), []).append(file.name)
    close = difflib.get_close_matches(same_name(name), by_name, MOST_NEAR, LIKENESS)
    return [alike for one in close for alike in by_name[one]][:MOST_NEAR]


def clips_below(root: Path) -> list[Path]:
    """Films below a root, sorted; links are not followed."""
    return sorted(file for file in files_below(root) if file.suffix.lower() in FILMS)


def files_below(root: Path) -> Iterator[Path]:
    """Regular files below a root, hidden ones and links left out, `MOST_FILES` at most."""
    return islice(_walk(root), MOST_FILES)


def _walk(folder: Path) -> Iterator[Path]:
    folders = [folder]
    while folders:
        for child in _children(folders.pop(0)):
            if child.name.startswith(".") or child.is_symlink():
                continue
            if child.is_dir():
                folders.append(child)
            elif child.is_file():
                yield child


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # a file, or a folder that may not be read
        return []
