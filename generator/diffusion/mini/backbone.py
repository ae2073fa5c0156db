"""foley-mini as a backbone."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from foley_designer.core.documents import Part
from foley_designer.generator.diffusion.backbone import Habits, Texts
from foley_designer.generator.diffusion.mini.autoencoder import (
    STRIDE,
    AutoencoderConfig,
    SpectralAutoencoder,
)
from foley_designer.generator.diffusion.mini.spectral import FRAME, RATE, analyse, synthesise
from foley_designer.generator.diffusion.mini.transformer import (
    TEXT,
    MiniTransformer,
    TransformerConfig,
)
from foley_designer.generator.diffusion.sampling import Sampler
from foley_designer.generator.diffusion.schedule import Schedule
from foley_designer.generator.diffusion.sequence import SequenceConfig
from foley_designer.memory.embedding import StaticVectors

MOST_STEPS = 512
"""21.8 s."""
_ROUNDS = 4
"""Of phase reconstruction: twice as many bring the sound hardly nearer."""


class MiniConfig(Part):
    """Sizes of foley-mini."""

    autoencoder: AutoencoderConfig = AutoencoderConfig()
    transformer: TransformerConfig = TransformerConfig()


class MiniBackbone:
    """The small model: mel latents, static text vectors, rectified flow.

    Args:
        config: sizes.
    """

    name = "foley-mini"
    schedule = Schedule.RECTIFIED_FLOW
    habits = Habits(Sampler.DPMPP, steps=8, text_scale=2.0, position_scale=1.5)

    def __init__(self, config: MiniConfig) -> None:
        self.config = config
        channels = config.autoencoder.channels
        self.sequence = SequenceConfig(
            sample_rate=RATE, hop=FRAME * STRIDE, channels=channels, most_steps=MOST_STEPS
        )
        self.autoencoder = SpectralAutoencoder(config.autoencoder)
        self.transformer = MiniTransformer(channels, config.transformer)
        self._vectors = StaticVectors()

    @property
    def layers(self) -> nn.ModuleList:
        """The transformer's blocks."""
        return self.transformer.blocks

    @property
    def width(self) -> int:
        """Of their hidden states."""
        return self.config.transformer.width

    @property
    def network(self) -> nn.Module:
        """The transformer."""
        return self.transformer

    @property
    def device(self) -> torch.device:
        """Where the transformer computes; sound is always rebuilt on the CPU."""
        return self.transformer.leave.weight.device

    def texts(self, captions: Sequence[str], seconds: Sequence[float]) -> Texts:
        """A static vector a caption, zero for an empty one; ``seconds`` tells nothing here."""
        del seconds
        rows = np.zeros((len(captions), TEXT), np.float32)
        said = [index for index, caption in enumerate(captions) if caption.strip()]
        if said:
            # Unit vectors have entries of about 1/16; the network likes them near 1.
            rows[said] = np.stack(self._vectors([captions[index] for index in said])) * TEXT**0.5
        whole = torch.from_numpy(rows).to(self.device)
        return Texts(whole.new_zeros(len(captions), 0, TEXT), whole)

    def predict(self, latents: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """The flow at ``time``."""
        flow: Tensor = self.transformer(latents, time, texts.whole)
        return flow

    @torch.no_grad()
    def encode(self, audio: Tensor) -> Tensor:
        """Stereo ``[batch, 2, samples]`` at 48 kHz to latents; the item's level is lost."""
        features = analyse(audio)
        rest = -features.shape[-1] % STRIDE
        features = nn.functional.pad(features, (0, rest), mode="replicate")
        return self.autoencoder.encode(features.to(self.device))

    @torch.no_grad()
    def decode(self, latents: Tensor, generator: torch.Generator) -> Tensor:
        """Latents to stereo ``[batch, 2, steps · hop]``."""
        with torch.autocast(latents.device.type, enabled=False):
            features = self.autoencoder.decode(latents.float()).cpu()
        return synthesise(features, generator, _ROUNDS)
