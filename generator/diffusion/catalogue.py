"""Base models that a user may have: where they come from, under which licence, what must be there.

None is part of this program; ``foley-designer models pull`` fetches one once its licence is
accepted.
"""

from pathlib import Path
from typing import Literal, NamedTuple

from foley_designer.core.config import Settings
from foley_designer.core.errors import ErrorCode, FoleyError

FOLDER_NAME = "models"
"""Within the data folder."""


class BaseModel(NamedTuple):
    """One base model."""

    name: str
    repository: str
    """On the Hugging Face hub."""
    licence: str
    licence_url: str
    gated: bool
    """Whether its page asks for consent before it can be fetched."""
    size_gb: float
    runtime: Literal["diffusers", "stable-audio-tools"]
    files: tuple[str, ...]
    """What must be there, and all that is fetched; patterns allowed."""
    says: str


_DIFFUSERS = (
    "model_index.json",
    "projection_model/*",
    "scheduler/*",
    "text_encoder/*",
    "tokenizer/*",
    "transformer/*",
    "vae/*",
)
_NATIVE = ("model_config.json", "model.safetensors")
_COMMUNITY = "Stability AI Community License"
_COMMUNITY_URL = "https://stability.ai/community-license-agreement"

BASE_MODELS = {
    model.name: model
    for model in (
        BaseModel(
            "stable-audio-open-1.0",
            "stabilityai/stable-audio-open-1.0",
            _COMMUNITY,
            _COMMUNITY_URL,
            True,
            5.3,
            "diffusers",
            _DIFFUSERS,
            "44.1 kHz stereo up to 47 s, 50 to 100 steps; the paper's",
        ),
        BaseModel(
            "stable-audio-open-small",
            "stabilityai/stable-audio-open-small",
            _COMMUNITY,
            _COMMUNITY_URL,
            True,
            1.7,
            "stable-audio-tools",
            _NATIVE,
            "44.1 kHz stereo up to 11 s, 8 ping-pong steps",
        ),
        BaseModel(
            "stable-audio-3-small-sfx",
            "stabilityai/stable-audio-3-small-sfx",
            _COMMUNITY,
            _COMMUNITY_URL,
            True,
            1.8,
            "stable-audio-tools",
            _NATIVE,
            "44.1 kHz stereo up to 120 s, 8 ping-pong steps, inpainting",
        ),
    )
}


def base_model(name: str) -> BaseModel:
    """A base model by name.

    Raises:
        FoleyError: ``option_invalid``, naming those that are known.
    """
    if name not in BASE_MODELS:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"No base model is called {name!r}.",
            f"Known: {', '.join(BASE_MODELS)}.",
        )
    return BASE_MODELS[name]


def models_folder() -> Path:
    """Where models are kept, a folder each."""
    return Settings().data_dir / FOLDER_NAME


def base_folder(name: str) -> Path:
    """Where a base model is kept."""
    return models_folder() / base_model(name).name


def missing_files(model: BaseModel, folder: Path) -> tuple[str, ...]:
    """Patterns of a base model's files that match nothing."""
    return tuple(pattern for pattern in model.files if not any(folder.glob(pattern)))


def require(name: str) -> Path:
    """The folder of a base model that is whole.

    Raises:
        FoleyError: ``part_missing``, ``option_invalid``.
    """
    model, folder = base_model(name), base_folder(name)
    missing = missing_files(model, folder)
    if missing:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{name} is not in {folder}: {', '.join(missing)} missing.",
            f"foley-designer models pull {name} fetches it ({model.licence}).",
        )
    return folder
