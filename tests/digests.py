"""Files by the hash of their bytes: two folders compare in a few readable lines."""

from collections.abc import Callable
from pathlib import Path

from foley_designer.core.files import file_hash


def digests(folder: Path, wanted: Callable[[Path], bool] = lambda _: True) -> dict[str, str]:
    """SHA-256 of each wanted file below a folder, by its relative path."""
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): file_hash(folder / path) for path in paths if wanted(path)}


def visible(path: Path) -> bool:
    """Whether a file is the user's and not the program's own."""
    return ".foley" not in path.parts
