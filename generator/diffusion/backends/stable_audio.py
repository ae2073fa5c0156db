"""Stable Audio as a backbone, through diffusers' classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from diffusers import AutoencoderOobleck, StableAudioDiTModel
from diffusers.models.embeddings import get_1d_rotary_pos_embed
from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Habits, Texts
from foley_designer.generator.diffusion.backends.diffusers_base import DiffusersBackbone, not_whole
from foley_designer.generator.diffusion.sampling import Sampler
from foley_designer.generator.diffusion.schedule import Schedule
from foley_designer.generator.diffusion.sequence import SequenceConfig

OPEN_1 = "stable-audio-open-1.0"


EncodedTexts = tuple[Tensor, Tensor]
"""Hidden states ``[batch, n, d]`` and mask ``[batch, n]``."""


class TextEncoder(Protocol):
    """What turns captions into hidden states; `T5Texts` for Stable Audio."""

    def __call__(self, captions: Sequence[str]) -> EncodedTexts:
        """Encode captions."""


class T5Texts:
    """T5 by transformers.

    Args:
        tokenizer: of the text encoder.
        encoder: a ``T5EncoderModel``.
    """

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self._tokenizer, self._encoder = tokenizer, encoder.eval()

    @torch.no_grad()
    def __call__(self, captions: Sequence[str]) -> EncodedTexts:
        """As `TextEncoder`; captions are cut to the tokenizer's length."""
        given = self._tokenizer(
            list(captions), padding="max_length", truncation=True, return_tensors="pt"
        ).to(self._encoder.device)
        hidden: Tensor = self._encoder(given.input_ids, attention_mask=given.attention_mask)[0]
        return hidden, given.attention_mask


class StableAudioBackbone(DiffusersBackbone):
    """Stable Audio Open's transformer, autoencoder and conditioners.

    Args:
        transformer: diffusers' DiT.
        autoencoder: diffusers' Oobleck.
        projection: of text states and of seconds.
        text_encoder: captions to hidden states.
        name: for model documents.
        habits: how it is sampled; None is what its authors advise.
    """

    name: str
    schedule = Schedule.COSINE_V
    habits: Habits

    def __init__(
        self,
        transformer: StableAudioDiTModel,
        autoencoder: AutoencoderOobleck,
        projection: StableAudioProjectionModel,
        text_encoder: TextEncoder,
        *,
        name: str = OPEN_1,
        habits: Habits | None = None,
    ) -> None:
        super().__init__(transformer, autoencoder)
        self.name = name
        self.habits = habits or Habits(Sampler.DPMPP, steps=50, text_scale=6.0, position_scale=6.0)
        self._projection, self._text_encoder = projection, text_encoder
        size = int(transformer.config.sample_size)
        self.sequence = SequenceConfig(
            sample_rate=int(autoencoder.config.sampling_rate),
            hop=int(autoencoder.hop_length),
            channels=int(transformer.config.in_channels),
            most_steps=size,
            fixed_steps=size,
        )

    @property
    def width(self) -> int:
        """Of their hidden states."""
        return int(self._transformer.inner_dim)

    @torch.no_grad()
    def texts(self, captions: Sequence[str], seconds: Sequence[float]) -> Texts:
        """Text and seconds attended to, seconds over all; zeros to attend to for an empty caption.

        As `StableAudioPipeline` builds them, its unconditional branch included.
        """
        dtype = self._transformer.dtype
        hidden, mask = self._text_encoder(captions)
        projected = self._projection(
            text_hidden_states=hidden,
            start_seconds=torch.zeros(len(captions), device=hidden.device),
            end_seconds=torch.tensor(seconds, device=hidden.device, dtype=torch.float32),
        )
        start, end = projected.seconds_start_hidden_states, projected.seconds_end_hidden_states
        words = projected.text_hidden_states * mask[..., None].to(hidden.dtype)
        tokens = torch.cat([words, start, end], dim=1)
        said = torch.tensor([bool(caption.strip()) for caption in captions], device=tokens.device)
        tokens = tokens * said[:, None, None]
        whole = torch.cat([start, end], dim=2)[:, 0]
        return Texts(tokens.to(self.device, dtype), whole.to(self.device, dtype))

    def predict(self, latents: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """V at ``time``, the first token of the sequence being the global one."""
        turn = get_1d_rotary_pos_embed(
            int(self._transformer.config.attention_head_dim) // 2,
            latents.shape[2] + 1,
            use_real=True,
            repeat_interleave_real=False,
        )
        dtype = self._transformer.dtype
        predicted: Tensor = self._transformer(
            latents.to(dtype),
            time.to(dtype),
            encoder_hidden_states=texts.tokens,
            global_hidden_states=texts.whole[:, None],
            rotary_embedding=tuple(part.to(latents.device) for part in turn),
            return_dict=False,
        )[0]
        return predicted

    @torch.no_grad()
    def encode(self, audio: Tensor) -> Tensor:
        """The posterior's mode, ``[batch, channels, steps]``."""
        given = audio.to(self._autoencoder.device, self._autoencoder.dtype)
        latents: Tensor = self._autoencoder.encode(given).latent_dist.mode()
        return latents


def from_pipeline(folder: Path, device: torch.device, name: str) -> StableAudioBackbone:
    """A backbone from a folder in diffusers' layout; nothing is fetched.

    Float32 on a CPU, bfloat16 on a GPU with the autoencoder in float32.

    Raises:
        FoleyError: ``part_missing`` if parts of it are not there.
    """
    from transformers import AutoTokenizer, T5EncoderModel  # noqa: PLC0415 - slow to load

    half = torch.float32 if device.type == "cpu" else torch.bfloat16
    local = {"local_files_only": True}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer", **local)
        encoder = T5EncoderModel.from_pretrained(folder / "text_encoder", **local)
        transformer = StableAudioDiTModel.from_pretrained(
            folder, subfolder="transformer", torch_dtype=half, **local
        )
        autoencoder = AutoencoderOobleck.from_pretrained(folder, subfolder="vae", **local)
        projection = StableAudioProjectionModel.from_pretrained(
            folder, subfolder="projection_model", **local
        )
    except (OSError, ValueError) as error:
        raise not_whole(folder, name, error) from error
    for part in (encoder, transformer, autoencoder, projection):
        part.to(device).eval().requires_grad_(False)
    return StableAudioBackbone(
        transformer, autoencoder, projection, T5Texts(tokenizer, encoder), name=name
    )
