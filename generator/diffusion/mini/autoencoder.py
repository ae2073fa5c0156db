"""foley-mini's autoencoder: spectral features to latents a quarter as often, and back."""

from collections.abc import Callable

import torch
from pydantic import Field
from torch import Tensor, nn

from foley_designer.core.documents import Part
from foley_designer.generator.diffusion.mini.spectral import BANDS, FEATURES

STRIDE = 4
"""Feature frames a latent step."""
_GROUPS = 8


class AutoencoderConfig(Part):
    """Sizes of the autoencoder."""

    channels: int = Field(default=32, ge=1)
    """Of the latents."""
    width: int = Field(default=192, multiple_of=_GROUPS)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            nn.GroupNorm(_GROUPS, width),
            nn.SiLU(),
            nn.Conv1d(width, width, 3, padding=1),
            nn.SiLU(),
            nn.Conv1d(width, width, 1),
        )

    def forward(self, values: Tensor) -> Tensor:
        changed: Tensor = values + self.path(values)
        return changed


class SpectralAutoencoder(nn.Module):
    """A variational autoencoder of one-dimensional convolutions over time.

    Args:
        config: sizes.
    """

    mean: Tensor
    spread: Tensor

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        width, channels = config.width, config.channels
        self.encoder = nn.Sequential(
            nn.Conv1d(FEATURES, width, 5, padding=2),
            _Residual(width),
            nn.Conv1d(width, width, 4, stride=2, padding=1),
            _Residual(width),
            nn.Conv1d(width, width, 4, stride=2, padding=1),
            _Residual(width),
            nn.Conv1d(width, 2 * channels, 1),
        )
        self.decoder = nn.Sequential(
            nn.Conv1d(channels, width, 3, padding=1),
            _Residual(width),
            nn.ConvTranspose1d(width, width, 4, stride=2, padding=1),
            _Residual(width),
            nn.ConvTranspose1d(width, width, 4, stride=2, padding=1),
            _Residual(width),
            nn.Conv1d(width, FEATURES, 5, padding=2),
        )
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("spread", torch.ones(channels))

    def posterior(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance ``[batch, channels, frames / STRIDE]``."""
        mean, log_variance = self.encoder(features).chunk(2, dim=1)
        return mean, log_variance.clamp(-12.0, 4.0)

    def encode(self, features: Tensor) -> Tensor:
        """Latents of about unit spread ``[batch, channels, frames / STRIDE]``."""
        mean, _ = self.posterior(features)
        return (mean - self.mean[:, None]) / self.spread[:, None]

    def decode(self, latents: Tensor) -> Tensor:
        """Features ``[batch, FEATURES, frames]`` of latents as `encode` gives them."""
        features: Tensor = self.decoder(latents * self.spread[:, None] + self.mean[:, None])
        return features

    def loss(self, features: Tensor, noise: Callable[[Tensor], Tensor], kl: float) -> Tensor:
        """Reconstruction error, spatial numbers weighed by how loud their frame is, and KL.

        Args:
            features: ``[batch, FEATURES, frames]``.
            noise: draws noise like a tensor.
            kl: weight of the divergence from a unit Gaussian, in nats a latent.
        """
        mean, log_variance = self.posterior(features)
        latents = mean + torch.exp(0.5 * log_variance) * noise(mean)
        error = (self.decoder(latents) - features).abs()
        loud = ((features[:, :BANDS].amax(dim=1, keepdim=True) + 1.0) / 2.0).square()
        spatial = (loud * error[:, BANDS:]).sum() / (3.0 * loud.sum().clamp_min(1.0))
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()
        result: Tensor = error[:, :BANDS].mean() + spatial + kl * divergence
        return result

    @torch.no_grad()
    def standardise(self, latents: Tensor) -> None:
        """Learn mean and spread of latents ``[batch, channels, steps]`` as `posterior` gives."""
        self.mean.copy_(latents.mean(dim=(0, 2)))
        self.spread.copy_(latents.std(dim=(0, 2)).clamp_min(1e-3))
