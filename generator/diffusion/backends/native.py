"""stable-audio-tools' own models as a backbone: native checkpoints and configurations.

Optional: ``make sat`` makes an environment with it. Its released packages pin old libraries, so it
is installed without its needs, and two of its imports are stood in for (`native_shims`).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.diffusion.backbone import Habits, Texts
from foley_designer.generator.diffusion.backends.native_shims import ensure_importable
from foley_designer.generator.diffusion.sampling import Sampler
from foley_designer.generator.diffusion.schedule import Schedule
from foley_designer.generator.diffusion.sequence import SequenceConfig

_V_HABITS = Habits(Sampler.DPMPP, steps=50, text_scale=6.0, position_scale=6.0)
_FLOW_HABITS = Habits(Sampler.PING_PONG, steps=8, text_scale=1.0, position_scale=1.0)


class NativeBackbone:
    """A ``ConditionedDiffusionModelWrapper`` of stable-audio-tools.

    Args:
        model: as ``create_model_from_config`` makes it.
        config: what it was made from.
        name: for model documents.
    """

    def __init__(self, model: Any, config: dict[str, Any], name: str) -> None:
        self.name = name
        flow = model.diffusion_objective != "v"
        self.schedule = Schedule.RECTIFIED_FLOW if flow else Schedule.COSINE_V
        self.habits = _FLOW_HABITS if flow else _V_HABITS
        self._model = model
        hop = int(model.pretransform.downsampling_ratio) if model.pretransform else 1
        size = int(config["sample_size"]) // hop
        self.sequence = SequenceConfig(
            sample_rate=int(config["sample_rate"]),
            hop=hop,
            channels=int(model.io_channels),
            most_steps=size,
            fixed_steps=size,
        )

    @property
    def layers(self) -> nn.ModuleList:
        """The transformer's blocks."""
        layers: nn.ModuleList = self._transformer.layers
        return layers

    @property
    def width(self) -> int:
        """Of their hidden states."""
        return int(self._transformer.dim)

    @property
    def network(self) -> nn.Module:
        """The transformer with its projections."""
        network: nn.Module = self._model.model
        return network

    @property
    def device(self) -> torch.device:
        """Where the transformer computes."""
        weight: Tensor = next(self._model.model.parameters())
        return weight.device

    @property
    def _transformer(self) -> Any:
        return self._model.model.model.transformer

    @torch.no_grad()
    def texts(self, captions: Sequence[str], seconds: Sequence[float]) -> Texts:
        """The model's own conditioners; zeros to attend to for an empty caption, as in its CFG."""
        rows = [
            {"prompt": caption, "seconds_start": 0.0, "seconds_total": length}
            for caption, length in zip(captions, seconds, strict=True)
        ]
        conditioned = self._model.conditioner(rows, self.device)
        inputs = self._model.get_conditioning_inputs(conditioned)
        said = torch.tensor([bool(caption.strip()) for caption in captions], device=self.device)
        tokens = inputs["cross_attn_cond"] * said[:, None, None]
        whole = inputs["global_cond"]
        return Texts(tokens, tokens.new_zeros(len(rows), 0) if whole is None else whole)

    def predict(self, latents: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """The prediction at ``time``, without the wrapper's own guidance."""
        predicted: Tensor = self._model.model(
            latents,
            time,
            cross_attn_cond=texts.tokens,
            global_cond=texts.whole if texts.whole.shape[1] else None,
            cfg_scale=1.0,
        )
        return predicted

    @torch.no_grad()
    def encode(self, audio: Tensor) -> Tensor:
        """Latents ``[batch, channels, steps]``."""
        latents: Tensor = self._model.pretransform.encode(audio.to(self.device))
        return latents

    @torch.no_grad()
    def decode(self, latents: Tensor, generator: torch.Generator) -> Tensor:
        """Audio ``[batch, 2, samples]``; nothing is left to chance."""
        del generator
        audio: Tensor = self._model.pretransform.decode(latents)
        return audio


def from_config(config: dict[str, Any], name: str) -> NativeBackbone:
    """An untrained model from its configuration.

    Raises:
        FoleyError: ``part_missing`` without stable-audio-tools.
    """
    ensure_importable()
    from stable_audio_tools.models import create_model_from_config  # noqa: PLC0415 - optional

    model = create_model_from_config(config)
    return NativeBackbone(model.eval().requires_grad_(False), config, name)


def from_checkpoint(folder: Path, device: torch.device, name: str) -> NativeBackbone:
    """A backbone from ``model_config.json`` and ``model.safetensors``.

    Raises:
        FoleyError: ``part_missing`` without stable-audio-tools, or where files are damaged.
    """
    try:
        config = json.loads((folder / "model_config.json").read_bytes())
        backbone = from_config(config, name)
        backbone._model.load_state_dict(load_file(folder / "model.safetensors"))
    except FoleyError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{folder} is no whole copy of {name}: {' '.join(str(error).split())[:200]}",
            f"foley-designer models pull {name} fetches it.",
        ) from error
    backbone._model.to(device)
    return backbone
