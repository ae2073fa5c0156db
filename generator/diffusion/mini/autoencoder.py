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
_IMAGE_WEIGHT = 3.0
"""What an error of the stereo numbers counts, in errors of a band's level."""


class AutoencoderConfig(Part):
    """Sizes of the autoencoder."""

    channels: int = Field(default=32, ge=1, le=STRIDE * FEATURES)
    """Of the latents."""
    width: int = Field(default=96, multiple_of=_GROUPS)
    """Of the convolutions that refine the linear part."""


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
    """Linear patches, refined by convolutions over time.

    The linear part starts as the principal components of a patch, the best linear autoencoder
    there is; the refinement starts at zero, so training goes on from there.

    Args:
        config: sizes.
    """

    mean: Tensor
    spread: Tensor

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        width, channels = config.width, config.channels
        self.into = nn.Conv1d(FEATURES, channels, STRIDE, stride=STRIDE)
        self.out = nn.ConvTranspose1d(channels, FEATURES, STRIDE, stride=STRIDE)
        self.refine_in = nn.Sequential(
            nn.Conv1d(FEATURES, width, STRIDE, stride=STRIDE),
            _Residual(width),
            nn.Conv1d(width, channels, 3, padding=1),
        )
        self.refine_out = nn.Sequential(
            nn.Conv1d(FEATURES, width, 5, padding=2),
            _Residual(width),
            nn.Conv1d(width, FEATURES, 5, padding=2),
        )
        for refinement in (self.refine_in, self.refine_out):
            last = refinement[2]
            assert isinstance(last, nn.Conv1d)
            nn.init.zeros_(last.weight)
            assert last.bias is not None
            nn.init.zeros_(last.bias)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("spread", torch.ones(channels))

    @torch.no_grad()
    def start(self, features: Tensor) -> None:
        """Set the linear part to the principal components of patches.

        Args:
            features: ``[batch, FEATURES, frames]``, a good sample of the data.
        """
        patches = features.double().unfold(2, STRIDE, STRIDE)
        patches = patches.transpose(1, 2).flatten(0, 1).flatten(1)
        weights = torch.ones(FEATURES)
        weights[BANDS:] = _IMAGE_WEIGHT
        weights = weights.repeat_interleave(STRIDE).to(patches)
        middle = patches.mean(dim=0)
        centred = (patches - middle) * weights
        _, axes = torch.linalg.eigh(centred.T @ centred)
        axes = axes.flip(1)[:, : self.config.channels].T
        shape = (self.config.channels, FEATURES, STRIDE)
        analysis, synthesis = axes * weights, axes / weights
        self.into.weight.copy_(analysis.view(shape))
        self.out.weight.copy_(synthesis.view(shape))
        assert self.into.bias is not None
        assert self.out.bias is not None
        self.into.bias.copy_(-(analysis @ middle))
        self.out.bias.copy_(middle.view(FEATURES, STRIDE).mean(dim=1))

    def raw(self, features: Tensor) -> Tensor:
        """Latents ``[batch, channels, frames / STRIDE]`` before they are scaled."""
        latents: Tensor = self.into(features) + self.refine_in(features)
        return latents

    def rebuilt(self, raw: Tensor) -> Tensor:
        """Features ``[batch, FEATURES, frames]`` of latents as `raw` gives them."""
        rough = self.out(raw)
        features: Tensor = rough + self.refine_out(rough)
        return features

    def encode(self, features: Tensor) -> Tensor:
        """Latents of about unit power ``[batch, channels, frames / STRIDE]``."""
        return (self.raw(features) - self.mean[:, None]) / self.spread[:, None]

    def decode(self, latents: Tensor) -> Tensor:
        """Features ``[batch, FEATURES, frames]`` of latents as `encode` gives them."""
        return self.rebuilt(latents * self.spread[:, None] + self.mean[:, None])

    def loss(self, features: Tensor, noise: Callable[[Tensor], Tensor], noisy: float) -> Tensor:
        """Mean error of band levels, plus that of stereo numbers weighed by how loud a frame is.

        Args:
            features: ``[batch, FEATURES, frames]``.
            noise: draws noise like a tensor.
            noisy: how much of it is added to the raw latents, so that the decoder stands what the
                transformer misses.
        """
        raw = self.raw(features)
        error = (self.rebuilt(raw + noisy * noise(raw)) - features).abs()
        loud = ((features[:, :BANDS].amax(dim=1, keepdim=True) + 1.0) / 2.0).square()
        image = (loud * error[:, BANDS:]).sum() / (3.0 * loud.sum().clamp_min(1.0))
        result: Tensor = error[:, :BANDS].mean() + image
        return result

    @torch.no_grad()
    def standardise(self, raw: Tensor) -> None:
        """Learn what `encode` scales by, from latents ``[batch, channels, steps]`` as `raw` gives.

        Halfway between whitening, by which a channel that hardly matters would weigh as much as
        the loudness of all, and none.
        """
        spread = raw.std(dim=(0, 2)).clamp_min(1e-4)
        self.mean.copy_(raw.mean(dim=(0, 2)))
        self.spread.copy_(torch.sqrt(spread * spread.mean()))
