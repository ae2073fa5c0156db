"""What a backbone is: a latent diffusion transformer whose layers positions are injected into."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from foley_designer.generator.diffusion.sampling import Sampler
from foley_designer.generator.diffusion.schedule import Schedule
from foley_designer.generator.diffusion.sequence import SequenceConfig


class Texts(NamedTuple):
    """Encoded conditions of a batch; what the parts mean is the backbone's own."""

    tokens: Tensor
    """``[batch, n, d]``, attended to."""
    whole: Tensor
    """``[batch, d]``, about the whole sound."""

    def rows(self, index: slice) -> "Texts":
        """Some of the batch."""
        return Texts(self.tokens[index], self.whole[index])

    def joined(self, other: "Texts") -> "Texts":
        """One batch after the other."""
        return Texts(torch.cat([self.tokens, other.tokens]), torch.cat([self.whole, other.whole]))


class Habits(NamedTuple):
    """How a backbone is sampled when nobody says otherwise."""

    sampler: Sampler
    steps: int
    text_scale: float
    position_scale: float
    shift: float = 1.0


class Backbone(Protocol):
    """One adapter each for diffusers, for stable-audio-tools and for foley-mini."""

    name: str
    sequence: SequenceConfig
    schedule: Schedule
    habits: Habits

    @property
    def layers(self) -> nn.ModuleList:
        """The transformer's blocks, in order."""

    @property
    def width(self) -> int:
        """Of their hidden states."""

    @property
    def network(self) -> nn.Module:
        """The transformer, for freezing, casting and moving."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def texts(self, captions: Sequence[str], seconds: Sequence[float]) -> Texts:
        """Encode captions; an empty one is the unconditional."""

    def predict(self, latents: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """What the schedule calls the prediction.

        Args:
            latents: ``[batch, channels, steps]``.
            time: ``[batch]``, 1 noise to 0 clean.
            texts: of the same batch.
        """

    def encode(self, audio: Tensor) -> Tensor:
        """Audio ``[batch, 2, samples]`` at the backbone's rate to latents."""

    def decode(self, latents: Tensor, generator: torch.Generator) -> Tensor:
        """Latents ``[batch, channels, steps]`` to audio ``[batch, 2, steps · hop]``."""
