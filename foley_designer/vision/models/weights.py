"""Weights on this machine: a folder that the settings name, or the Hugging Face cache."""

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foley_designer.core.files import expanded

LOCALIZERS = (
    "google/owlv2-base-patch16-ensemble",
    "google/owlv2-base-patch16",
    "google/owlv2-large-patch14-ensemble",
    "IDEA-Research/grounding-dino-tiny",
    "IDEA-Research/grounding-dino-base",
)
DEPTH_MODELS = (
    "depth-anything/Depth-Anything-V2-Metric-Outdoor-Small-hf",
    "depth-anything/Depth-Anything-V2-Metric-Indoor-Small-hf",
    "depth-anything/Depth-Anything-V2-Small-hf",
    "depth-anything/Depth-Anything-V2-Base-hf",
    "depth-anything/Depth-Anything-V2-Large-hf",
)
POSE_MODELS = ("usyd-community/vitpose-base-simple", "usyd-community/vitpose-plus-base")
"""Public weights that are taken where they are in the cache and the settings name none."""
_FILES = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")


class MissingWeightsError(Exception):
    """Weights that were asked for by name and aren't here."""


def find_weights(named: str | None, known: Sequence[str]) -> Path | None:
    """The folder of weights; None if none were named and none are here.

    Args:
        named: a folder, or an id of weights in the Hugging Face cache; None tries ``known``.
        known: ids to try.

    Raises:
        MissingWeightsError: ``named`` is neither, or transformers is not installed.
    """
    if (
        importlib.util.find_spec("transformers") is None
        or importlib.util.find_spec("torch") is None
    ):
        if named is None:
            return None
        raise MissingWeightsError(
            "transformers and torch are not installed: pip install 'foley-designer[vision]'."
        )
    if named is None:
        return next((folder for one in known if (folder := _cached(one))), None)
    folder = expanded(Path(named))
    if (folder / "config.json").is_file():
        return folder
    if cached := _cached(named):
        return cached
    raise MissingWeightsError(f"No weights at {named}: neither a folder nor in the cache.")


@contextmanager
def quietly() -> Iterator[None]:
    """Load weights without transformers' own progress bars and remarks on torchvision."""
    from transformers.utils import logging as their_logging  # noqa: PLC0415

    logging: Any = their_logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def ready(model: Any) -> Any:
    """The model set to infer, on the GPU where torch sees one."""
    import torch  # noqa: PLC0415 - seconds to load

    return model.eval().to("cuda" if torch.cuda.is_available() else "cpu")


def weights_name(folder: Path) -> str:
    """What to call the weights of a folder; a folder of the cache tells owner and name."""
    cached = next((part for part in folder.parts if part.startswith("models--")), None)
    return cached.removeprefix("models--").replace("--", "/") if cached else folder.name


def _cached(name: str) -> Path | None:
    """The folder of an id in the cache, if model and configuration are there."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - comes with transformers
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    try:
        found = try_to_load_from_cache(name, "config.json")
    except HFValidationError:
        return None
    if not isinstance(found, str):
        return None
    folder = Path(found).parent
    return folder if any((folder / file).exists() for file in _FILES) else None
