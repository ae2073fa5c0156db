"""Files of the body and hand models: taken out of one pinned wheel, once, by pip and by hash."""

import importlib.util
from pathlib import Path

from foley_designer.vision.models.landmarks import FILES
from foley_designer.vision.models.wheel import Wheel, files_of, keep

WHEEL = Wheel(
    package="mediapipe==0.10.21",
    sha256="05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
    licence="Apache-2.0",
    size_mb=35,
    platform=(
        "--only-binary=:all:",
        "--implementation=cp",
        "--python-version=3.11",
        "--abi=cp311",
        "--platform=manylinux_2_28_x86_64",
    ),
)
"""The last release that carries these models; one wheel for every machine, so one hash holds."""
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
        FoleyError: as `foley_designer.vision.models.wheel.files_of`.
    """
    folder = folder_of(data_dir)
    keep(folder, files_of(WHEEL, FILES))
    return folder
