"""What a backbone is: a latent diffusion transformer whose layers positions are injected into."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

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
    mask: Tensor | None = None
    """``[batch, n]``, 1 for tokens that say something; None if all do."""

    def joined(self, other: "Texts") -> "Texts":
        """One batch after the other."""
        mask = None
        if self.mask is not None and other.mask is not None:
            mask = torch.cat([self.mask, other.mask])
        return Texts(
            torch.cat([self.tokens, other.tokens]), torch.cat([self.whole, other.whole]), mask
        )


class Habits(NamedTuple):
    """How a backbone is sampled when nobody says otherwise."""

    sampler: Sampler
    steps: int
    text_scale: float
    position_scale: float
    shift: float = 1.0
    log_snr: tuple[float, float] | None = None
    """Between which times are even in log signal-to-noise ratio; None spaces them evenly."""


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


@runtime_checkable
class Inpainting(Protocol):
    """A backbone that is told which latents stay, and so continues them."""

    def inpainting(self, kept: Tensor, mask: Tensor) -> AbstractContextManager[None]:
        """Predict with ``kept`` ``[batch, channels, steps]`` known where ``mask`` is 1."""
