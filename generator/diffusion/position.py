"""From cues to positional embeddings: Fourier features, activity and PosEncoder (Eq. 4-6)."""

import math

import torch
from pydantic import Field
from torch import Tensor, nn

from foley_designer.core.documents import Part

EPSILON = 0.1
"""Eq. 5: what an inactive frame keeps of its position."""
_GROUPS = 8


class PositionConfig(Part):
    """Sizes of the position branch."""

    bands: int = Field(default=32, ge=1)
    """m of Eq. 4; features have twice as many numbers."""
    sigma: float = Field(default=1.0, gt=0)
    """Spread of B in Eq. 4, for coordinates of about ±1."""
    width: int = Field(default=256, ge=_GROUPS)
    """d_emb of Eq. 6."""
    raw_cues: bool = True
    """Whether the encoder also reads activity and onsets plainly. Group normalisation takes away
    the scale by which Eq. 5 tells an event that always sounds from one that never does."""


class FourierFeatures(nn.Module):
    """γ(p) = [cos 2πBp; sin 2πBp] with a fixed random B (Eq. 4).

    Tancik et al., Fourier features let networks learn high frequency functions, 2020.

    Args:
        bands: m.
        sigma: standard deviation of B's entries.
        generator: the only source of chance.
    """

    projection: Tensor

    def __init__(self, bands: int, sigma: float, generator: torch.Generator) -> None:
        super().__init__()
        drawn = torch.randn(bands, 2, generator=generator, device="cpu") * sigma
        self.register_buffer("projection", drawn)

    def forward(self, positions: Tensor) -> Tensor:
        """``[batch, 2, n]`` to ``[batch, 2m, n]``."""
        phase = 2.0 * math.pi * torch.einsum("mp,bpn->bmn", self.projection, positions)
        return torch.cat([torch.cos(phase), torch.sin(phase)], dim=1)


def modulate(features: Tensor, active: Tensor, epsilon: float = EPSILON) -> Tensor:
    """γ̃ = c·γ + ε·γ (Eq. 5).

    Features are of the position itself: masked as in Eq. 3, it would be the same for every
    silent frame, and there would be nothing for ε to keep.

    Args:
        features: ``[batch, 2m, n]``.
        active: ``[batch, n]``, 0 to 1.
        epsilon: ε.
    """
    return (active[:, None] + epsilon) * features


class PosEncoder(nn.Module):
    """Cues on the position grid to embeddings at the latent rate (Eq. 6).

    Args:
        config: sizes.
        stride: position frames a latent step, a power of two; each block halves the rate.
        generator: draws B.
    """

    def __init__(self, config: PositionConfig, stride: int, generator: torch.Generator) -> None:
        super().__init__()
        self.raw_cues = config.raw_cues
        self.fourier = FourierFeatures(config.bands, config.sigma, generator)
        width = 2 * config.bands + (2 if config.raw_cues else 0)
        blocks: list[nn.Module] = []
        for _ in range(int(math.log2(stride))):
            blocks += [
                nn.Conv1d(width, config.width, 4, stride=2, padding=1),
                nn.GroupNorm(_GROUPS, config.width),
                nn.SiLU(),
            ]
            width = config.width
        self.blocks = nn.Sequential(*blocks)
        self.out = nn.Conv1d(width, config.width, 3, padding=1)

    def forward(self, cues: Tensor) -> Tensor:
        """Cues ``[batch, 4, n]`` as of `CueTrack.array` to ``[batch, n / stride, d_emb]``."""
        features = modulate(self.fourier(cues[:, :2]), cues[:, 2])
        if self.raw_cues:
            features = torch.cat([features, cues[:, 2:]], dim=1)
        embedded: Tensor = self.out(self.blocks(features))
        return embedded.transpose(1, 2)
