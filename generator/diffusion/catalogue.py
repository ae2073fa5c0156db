"""Base models that a user may have: where they come from, under which licence, what must be there.

None is part of this program; ``foley-designer models pull`` fetches one once its licence is
accepted.
"""

import json
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings

MINI = "foley-mini"
DOCUMENT = "model.json"
"""Marks a folder of position-aware weights."""
PACKAGED = Path(__file__).parent / "mini" / "weights"
"""Where foley-mini's own weights lie, if this release has some."""
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
_VERSION_3 = (
    "model_index.json",
    "duration_embedder/*",
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
            _NATIVE,
            "44.1 kHz stereo up to 11 s, 8 ping-pong steps",
        ),
        BaseModel(
            "stable-audio-3-medium",
            "stabilityai/stable-audio-3-medium",
            _COMMUNITY,
            _COMMUNITY_URL,
            True,
            8.0,
            _VERSION_3,
            "44.1 kHz stereo up to 120 s, 8 ping-pong steps, inpainting",
        ),
        BaseModel(
            "stable-audio-3-small-sfx",
            "stabilityai/stable-audio-3-small-sfx",
            _COMMUNITY,
            _COMMUNITY_URL,
            True,
            1.8,
            _VERSION_3,
            "433 M parameters, 44.1 kHz stereo up to 120 s, 8 ping-pong steps, inpainting",
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


class Found(NamedTuple):
    """One model that is known or here."""

    name: str
    says: str
    licence: str
    here: bool
    folder: str


def inventory() -> list[Found]:
    """Base models, then position-aware models of this machine."""
    found = [
        Found(
            model.name,
            f"base, {model.says}",
            model.licence,
            not missing_files(model, base_folder(model.name)),
            str(base_folder(model.name)),
        )
        for model in BASE_MODELS.values()
    ]
    for folder in own_models():
        base = json.loads((folder / DOCUMENT).read_bytes()).get("base", "unknown")
        name = MINI if folder == PACKAGED else folder.name
        found.append(Found(name, f"position-aware, on {base}", "its card", True, str(folder)))
    return found


def own_models() -> list[Path]:
    """Folders of position-aware models: configured, in the data folder, packaged."""
    settings = Settings()
    folder = settings.data_dir / FOLDER_NAME
    kept = [file.parent for file in sorted(folder.glob(f"*/{DOCUMENT}"))]
    places = [settings.diffusion_model, *kept, PACKAGED]
    return [place for place in places if place is not None and (place / DOCUMENT).is_file()]


def broken(name: str, folder: Path) -> str:
    """What is wrong with a model's files; empty if they can be read."""
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - optional

    if name in BASE_MODELS:
        missing = missing_files(BASE_MODELS[name], folder)
        if missing:
            return f"{', '.join(missing)} missing"
    try:
        for file in sorted(folder.rglob("*.safetensors")):
            with safe_open(file, "np") as tensors:
                if not tensors.keys():
                    return f"{file.name} is empty"
    except (OSError, SafetensorError) as error:
        return f"{file.name}: {error}"
    return ""


def fetch(model: BaseModel) -> Path:
    """Fetch a base model's files into the data folder; goes on where it stopped.

    Raises:
        FoleyError: ``part_missing`` if the hub refuses or can't be reached.
    """
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - optional
        from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "Fetching needs huggingface_hub.",
            "pip install 'foley-designer[diffusion]'",
        ) from error
    folder = base_folder(model.name)
    try:
        snapshot_download(model.repository, allow_patterns=list(model.files), local_dir=folder)
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{model.repository} can't be fetched: {' '.join(str(error).split())[:200]}",
            "Give consent on its page and set HF_TOKEN, or copy its files to the folder yourself.",
        ) from error
    return folder
