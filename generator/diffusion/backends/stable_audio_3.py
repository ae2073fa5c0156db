"""Stable Audio 3 as a backbone, through diffusers' classes: rectified flow, inpainting inside."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderSAME, StableAudio3DiTModel
from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Habits, Texts
from foley_designer.generator.diffusion.backends.diffusers_base import DiffusersBackbone, not_whole
from foley_designer.generator.diffusion.backends.stable_audio import EncodedTexts, TextEncoder
from foley_designer.generator.diffusion.sampling import Sampler
from foley_designer.generator.diffusion.schedule import Schedule
from foley_designer.generator.diffusion.sequence import SequenceConfig

_MOST_S = 120.0
_LOG_SNR = (-6.2, 2.0)
"""Between which its distilled checkpoints are sampled."""


class StableAudio3Backbone(DiffusersBackbone):
    """Stable Audio 3's transformer, autoencoder and conditioners.

    Args:
        transformer: diffusers' DiT.
        autoencoder: diffusers' SAME.
        duration: embeds seconds.
        text_encoder: captions to hidden states.
        name: for model documents.
        habits: how it is sampled; None suits the distilled checkpoints.
    """

    schedule = Schedule.RECTIFIED_FLOW

    def __init__(
        self,
        transformer: StableAudio3DiTModel,
        autoencoder: AutoencoderSAME,
        duration: StableAudio3DurationEmbedder,
        text_encoder: TextEncoder,
        *,
        name: str,
        habits: Habits | None = None,
    ) -> None:
        super().__init__(transformer, autoencoder)
        self.name = name
        self.habits = habits or Habits(
            Sampler.PING_PONG, steps=8, text_scale=1.0, position_scale=1.0, log_snr=_LOG_SNR
        )
        self._duration, self._text_encoder = duration, text_encoder
        rate, hop = int(autoencoder.config.sampling_rate), int(autoencoder.downsampling_ratio)
        self.sequence = SequenceConfig(
            sample_rate=rate,
            hop=hop,
            channels=int(transformer.config.io_channels),
            most_steps=int(_MOST_S * rate / hop),
            position_stride=8,
        )
        self._kept: Tensor | None = None

    @property
    def width(self) -> int:
        """Of their hidden states."""
        return int(self._transformer.config.embed_dim)

    @torch.no_grad()
    def texts(self, captions: Sequence[str], seconds: Sequence[float]) -> Texts:
        """Text and duration attended to, duration over all; as `StableAudio3Pipeline` does."""
        dtype = self._transformer.dtype
        words: EncodedTexts = self._text_encoder(captions)
        hidden, mask = words
        given = torch.tensor(seconds, dtype=torch.float32, device=self.device)
        whole = self._duration(given).to(dtype)
        tokens = torch.cat([hidden.to(self.device, dtype), whole[:, None]], dim=1)
        known = torch.cat([mask.to(self.device), mask.new_ones(len(mask), 1).to(self.device)], 1)
        return Texts(tokens, whole, known)

    def predict(self, latents: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """The flow at ``time``; inside `inpainting`, told what stays."""
        dtype = self._transformer.dtype
        kept = self._kept
        if kept is not None:
            kept = kept.repeat(latents.shape[0] // kept.shape[0], 1, 1).to(dtype)
        predicted: Tensor = self._transformer(
            latents.to(dtype),
            time,
            encoder_hidden_states=texts.tokens,
            global_hidden_states=texts.whole,
            encoder_attention_mask=texts.mask,
            local_add_cond=kept,
            return_dict=False,
        )[0]
        return predicted

    @contextmanager
    def inpainting(self, kept: Tensor, mask: Tensor) -> Iterator[None]:
        """Tell the transformer what stays while the rest is generated.

        Args:
            kept: latents ``[batch, channels, steps]``.
            mask: ``[batch, 1, steps]``, 1 where they stay.
        """
        self._kept = torch.cat([mask.to(kept), kept * mask], dim=1)
        try:
            yield
        finally:
            self._kept = None

    @torch.no_grad()
    def encode(self, audio: Tensor) -> Tensor:
        """Latents ``[batch, channels, steps]``."""
        given = audio.to(self._autoencoder.device, self._autoencoder.dtype)
        latents: Tensor = self._autoencoder.encode(given).latents
        return latents


def from_pipeline(folder: Path, device: torch.device, name: str) -> StableAudio3Backbone:
    """A backbone from a folder in diffusers' layout; nothing is fetched.

    Raises:
        FoleyError: ``part_missing`` if parts of it are not there.
    """
    from transformers import AutoTokenizer, T5GemmaEncoderModel  # noqa: PLC0415 - slow to load

    from foley_designer.generator.diffusion.backends.stable_audio import T5Texts  # noqa: PLC0415

    half = torch.float32 if device.type == "cpu" else torch.bfloat16
    local: dict[str, Any] = {"local_files_only": True}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer", **local)
        tokenizer.model_max_length = min(tokenizer.model_max_length, 256)
        encoder = T5GemmaEncoderModel.from_pretrained(folder / "text_encoder", **local)
        transformer = StableAudio3DiTModel.from_pretrained(
            folder, subfolder="transformer", torch_dtype=half, **local
        )
        autoencoder = AutoencoderSAME.from_pretrained(folder, subfolder="vae", **local)
        duration = StableAudio3DurationEmbedder.from_pretrained(
            folder, subfolder="duration_embedder", **local
        )
    except (OSError, ValueError) as error:
        raise not_whole(folder, name, error) from error
    for part in (encoder, transformer, autoencoder, duration):
        part.to(device).eval().requires_grad_(False)
    return StableAudio3Backbone(
        transformer, autoencoder, duration, T5Texts(tokenizer, encoder), name=name
    )
