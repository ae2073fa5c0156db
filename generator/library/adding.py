"""Folders into the library and out of it; only what is new or changed is read."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.core.progress import Progress, silent
from foley_designer.generator.library.catalogue import Catalogue, Refused
from foley_designer.generator.library.indexing import classified, look_at
from foley_designer.generator.library.licence import read_sidecars
from foley_designer.generator.library.reader import SUFFIXES
from foley_designer.generator.library.recording import Recording
from foley_designer.memory.knowledge_base import Knowledge

if TYPE_CHECKING:
    from foley_designer.generator.library.clap import Clap

STEP = "library"
_AT_ONCE = 64
"""Files between two commits: what a stopped run may have to read again."""


class Added(NamedTuple):
    """What adding a folder did."""

    read: int
    """Files that were new or changed and can be used."""
    unchanged: int
    gone: int
    refused: tuple[Refused, ...]
    """Files that can't be used, and why; those that were read now."""
    odd: tuple[tuple[str, str], ...]
    """Path and note of files that can be used all the same; those that were read now."""


def add_folder(
    root: Path,
    folder: Path,
    knowledge: Knowledge,
    progress: Progress = silent,
    clap: "Clap | None" = None,
) -> Added:
    """Bring the library up to date with a folder of sounds.

    Args:
        root: the user's folder; searched with all folders below it.
        folder: where the library is kept.
        knowledge: cards that say what kind of sound words mean.
        progress: called with how far the work is.
        clap: a model that also hears the recordings, all that it has not heard yet.

    Raises:
        FoleyError: ``sound_unreadable`` if ``root`` is no folder or holds no sound files;
            ``output_not_writable``, ``disk_full``.
    """
    root = expanded(root).resolve()
    if not root.is_dir():
        raise FoleyError(ErrorCode.SOUND_UNREADABLE, f"{root} is no folder.")
    catalogue = Catalogue(folder)
    known = catalogue.stamps(str(root))
    found = sound_files(root)
    if not found and not known:
        raise FoleyError(
            ErrorCode.SOUND_UNREADABLE,
            f"{root} holds no sound files.",
            "WAV, FLAC, OGG, AIFF, MP3 and M4A are read.",
        )
    refused = [
        Refused(ascii(path), str(root), *found.pop(path), "its name is no Unicode")
        for path in [path for path in found if not _is_text(path)]
    ]
    changed = {path: stamp for path, stamp in found.items() if known.get(path) != stamp}
    gone = sorted(set(known) - set(found))
    catalogue.drop(gone)
    done, read = 0, 0
    odd: list[tuple[str, str]] = []
    read_sidecars.cache_clear()
    for recordings, failed in _looked_at(changed, root):
        catalogue.put([classified(each, knowledge) for each in recordings], failed)
        read += len(recordings)
        refused += failed
        odd += [(each.path, note) for each in recordings for note in each.notes]
        done += len(recordings) + len(failed)
        progress(STEP, done / len(changed), f"{done} of {len(changed)} files")
    hold_vectors(folder, catalogue)
    if clap is not None:
        from foley_designer.generator.library.vectors import SoundVectors  # noqa: PLC0415

        by_key = {entry.key: entry.path for entry in catalogue.entries()}
        SoundVectors(folder / "vectors", clap).hold(by_key, progress)
    return Added(read, len(found) - len(changed), len(gone), tuple(refused), tuple(odd))


def remove_folder(root: Path, folder: Path) -> int:
    """Forget a folder's recordings; the files stay. Returns how many were known.

    Raises:
        FoleyError: ``option_invalid`` if the folder was never added.
    """
    catalogue = Catalogue(folder)
    known = catalogue.stamps(str(expanded(root).resolve()))
    if not known:
        roots = ", ".join(each.path for each in catalogue.roots()) or "none"
        raise FoleyError(
            ErrorCode.OPTION_INVALID, f"{root} is not in the library.", f"Added folders: {roots}."
        )
    catalogue.drop(known)
    hold_vectors(folder, catalogue)
    return len(known)


def hold_vectors(folder: Path, catalogue: Catalogue) -> None:
    """Bring the text vectors in line with the catalogue."""
    from foley_designer.generator.library.vectors import Vectors  # noqa: PLC0415 - chromadb

    Vectors(folder / "vectors").hold({entry.key: entry.text for entry in catalogue.entries()})


def sound_files(root: Path) -> dict[str, tuple[int, int]]:
    """Size and modification time of files whose names say sound, by path, in order.

    Hidden files are left out.
    """
    found = {}
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES and path.is_file():
                stat = path.stat()
                found[str(path)] = (stat.st_size, stat.st_mtime_ns)
    return found


def _is_text(path: str) -> bool:
    """Whether a file's name is Unicode; other bytes can't be kept in the catalogue."""
    return not any("\ud800" <= letter <= "\udfff" for letter in path)


def _looked_at(
    stamps: Mapping[str, tuple[int, int]], root: Path
) -> Iterator[tuple[list[Recording], list[Refused]]]:
    """Batches of recordings and of files that can't be used."""

    def look(path: str) -> Recording | Refused:
        try:
            return look_at(Path(path), root)
        except FoleyError as error:
            reason = error.message
        except (OSError, ValueError) as error:
            reason = str(error)
        return Refused(path, str(root), *stamps[path], reason)

    waiting = iter(stamps)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        while batch := list(islice(waiting, _AT_ONCE)):
            seen = list(pool.map(look, batch))
            yield (
                [each for each in seen if isinstance(each, Recording)],
                [each for each in seen if isinstance(each, Refused)],
            )
