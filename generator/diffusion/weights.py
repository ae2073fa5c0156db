"""Weights on disk: foley-mini whole, or the position adapter of another backbone, with its card.

A folder holds ``model.json``, ``injection.safetensors`` and ``README.md`` (the model card); for
foley-mini also ``autoencoder.safetensors`` and ``transformer.safetensors``. The base models of
others are never copied into it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from foley_designer.core.documents import Document
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing, write_text
from foley_designer.generator.diffusion.backbone import Backbone
from foley_designer.generator.diffusion.backends import native_shims
from foley_designer.generator.diffusion.catalogue import DOCUMENT, MINI, require
from foley_designer.generator.diffusion.injection import InjectionConfig
from foley_designer.generator.diffusion.mini.backbone import MiniBackbone, MiniConfig
from foley_designer.generator.diffusion.model import PositionedModel, new_injection

if TYPE_CHECKING:
    from foley_designer.generator.diffusion.training.config import TrainingConfig

CARD, INJECTION = "README.md", "injection.safetensors"
AUTOENCODER, TRANSFORMER = "autoencoder.safetensors", "transformer.safetensors"


class ModelDocument(Document):
    """What a folder of weights is."""

    SCHEMA: ClassVar[str] = "diffusion-model"

    base: str
    """Name of the backbone."""
    injection: InjectionConfig
    mini: MiniConfig | None = None
    """Sizes, where the backbone is foley-mini."""
    trained_steps: int = 0
    """Of stage 2; 0 is untrained."""


def save_model(folder: Path, model: PositionedModel, config: "TrainingConfig", steps: int) -> Path:
    """Write a model's own weights in half precision.

    Args:
        folder: becomes complete, its document last.
        model: with an injection.
        config: that it was trained by.
        steps: of stage 2 that it was trained for.
    """
    assert model.injection is not None
    _save(folder / INJECTION, model.injection)
    mini = None
    if isinstance(model.backbone, MiniBackbone):
        mini = model.backbone.config
        _save(folder / AUTOENCODER, model.backbone.autoencoder)
        _save(folder / TRANSFORMER, model.backbone.transformer)
    document = ModelDocument(
        base=model.backbone.name,
        injection=model.injection.config,
        mini=mini,
        trained_steps=steps,
    )
    if not (folder / CARD).is_file():
        write_text(folder / CARD, _card(document, config))
    write_text(folder / DOCUMENT, document.to_json())
    return folder


def load_model(folder: Path, device: torch.device | None = None) -> PositionedModel:
    """A model from its folder, in float32, ready to generate.

    Args:
        folder: as `save_model` leaves it.
        device: None is the CPU.

    Raises:
        FoleyError: ``part_missing`` for a folder that is not complete or not of this kind.
    """
    device = device or torch.device("cpu")
    try:
        document = ModelDocument.from_json((folder / DOCUMENT).read_bytes())
        backbone = load_backbone(document.base, device, document.mini)
        injection = new_injection(backbone, document.injection, 0)
        _load(injection, folder / INJECTION)
        if isinstance(backbone, MiniBackbone):
            _load(backbone.autoencoder, folder / AUTOENCODER)
            _load(backbone.transformer, folder / TRANSFORMER)
    except FoleyError:
        raise
    except (OSError, RuntimeError) as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{folder} holds no whole model: {' '.join(str(error).split())[:200]}",
            "foley-designer models check says what is missing.",
        ) from error
    backbone.network.eval()
    return PositionedModel(backbone, injection.eval())


def load_backbone(name: str, device: torch.device, mini: MiniConfig | None = None) -> Backbone:
    """A backbone by name: foley-mini untrained, others with their own weights.

    Raises:
        FoleyError: ``part_missing`` if the weights of another are not on this machine.
    """
    if name == MINI:
        backbone = MiniBackbone(mini or MiniConfig())
        backbone.transformer.to(device)
        backbone.autoencoder.to(device)
        return backbone
    folder = require(name)
    native_shims.prepare()
    index = folder / "model_index.json"
    if not index.is_file():
        from foley_designer.generator.diffusion.backends import native  # noqa: PLC0415 - optional

        return native.from_checkpoint(folder, device, name)
    if json.loads(index.read_bytes()).get("_class_name") == "StableAudio3Pipeline":
        from foley_designer.generator.diffusion.backends import stable_audio_3  # noqa: PLC0415 - slow to load

        return stable_audio_3.from_pipeline(folder, device, name)
    from foley_designer.generator.diffusion.backends import stable_audio  # noqa: PLC0415 - slow to load

    return stable_audio.from_pipeline(folder, device, name)


def _save(file: Path, module: nn.Module) -> None:
    halves: dict[str, Tensor] = {
        key: value.detach().cpu().half().contiguous() for key, value in module.state_dict().items()
    }
    with replacing(file) as part:
        save_file(halves, part)


def _load(module: nn.Module, file: Path) -> None:
    module.load_state_dict({key: value.float() for key, value in load_file(file).items()})


def _card(document: ModelDocument, config: "TrainingConfig") -> str:
    """A model card that says what is known; its author adds how it sounds."""
    stage = config.transformer
    return f"""---
license: other
base_model: {document.base}
tags: [foley, audio, diffusion, position-aware]
---

# Position-aware {document.base}

Trained by `foley-designer train` for {document.trained_steps} of {stage.steps} steps (batch
{stage.batch}, learning rate {stage.learning_rate:g}, seed {config.seed}; {
        "transformer and injection" if stage.train_backbone else "injection alone, frozen backbone"
    }).

Cues: azimuth in degrees (0 screen centre, positive to the left), distance in metres, activity and
onsets. The weights of the base model are not part of this folder and keep their own licence.

Say here which recordings it was trained on, with their licences and credits, how it was measured,
and what it can't do.
"""
