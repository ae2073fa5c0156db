"""Samplers: from noise to latents in a few steps of a denoiser."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

import torch
from torch import Tensor

from foley_designer.generator.diffusion.schedule import Schedule, alpha_sigma

Denoiser = Callable[[Tensor, float], Tensor]
"""Noisy latents ``[batch, channels, steps]`` and time to clean ones."""
_NEAR_NOISE = 0.9995
"""Where a log signal-to-noise ratio is needed, the first time is held under 1."""


class Sampler(StrEnum):
    """How the way from noise is walked."""

    DPMPP = "dpmpp"
    """DPM-Solver++(2M), Lu et al. 2022: deterministic, for plain diffusion and flow models."""
    PING_PONG = "ping_pong"
    """Denoise fully, add fresh noise of the next level: for models distilled to few steps."""


class Noise:
    """Noise of each row of a batch from its own generator, so that batching changes no seed.

    Args:
        seeds: one a row.
        shape: ``(channels, steps)`` of a row.
        device: where it is wanted; drawn on the CPU, so that every device gets the same.
        dtype: of the result.
    """

    def __init__(
        self,
        seeds: Sequence[int],
        shape: tuple[int, int],
        device: torch.device | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._shape, self._device, self._dtype = shape, device, dtype

    def __call__(self) -> Tensor:
        """Fresh noise ``[batch, channels, steps]``."""
        rows = [torch.randn(self._shape, generator=one) for one in self._generators]
        return torch.stack(rows).to(self._device, self._dtype)


def times(steps: int, start: float = 1.0, shift: float = 1.0) -> list[float]:
    """``steps + 1`` falling times from ``start`` to 0.

    Args:
        steps: denoiser calls.
        start: below 1 leaves some of what is there.
        shift: above 1 spends more steps near noise (Esser et al., 2024).
    """
    plain = [start * (1.0 - step / steps) for step in range(steps + 1)]
    return [shift * time / (1.0 + (shift - 1.0) * time) for time in plain]


def log_snr_times(steps: int, least: float, most: float) -> list[float]:
    """As `times`, even in log signal-to-noise ratio of a rectified flow.

    Args:
        steps: denoiser calls.
        least: log ratio of the first time, which is then set to 1.
        most: log ratio that the last step, to 0, starts towards.
    """
    ratios = [least + (most - least) * step / steps for step in range(1, steps)]
    return [1.0, *(1.0 / (1.0 + math.exp(ratio)) for ratio in ratios), 0.0]


def sample(
    denoise: Denoiser,
    noise: Noise,
    schedule: Schedule,
    at: Sequence[float],
    sampler: Sampler,
    *,
    keep: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """Walk from noise to latents ``[batch, channels, steps]``.

    Args:
        denoise: the guided backbone.
        noise: draws one noise for the start and, in ping-pong, one a step.
        schedule: the backbone's.
        at: falling times, the last one 0.
        sampler: how.
        keep: latents and mask ``[batch, 1, steps]``: where the mask is 1, they stay as they are
            (inpainting by replacement at every level of noise).
    """
    first = noise()
    denoise = denoise if keep is None else _keeping(denoise, *keep)
    latents = first if keep is None else _mixed(first, first, keep, schedule, at[0])
    if sampler is Sampler.PING_PONG:
        return _ping_pong(denoise, latents, noise, schedule, at)
    return _dpmpp(denoise, latents, schedule, at)


def _keeping(denoise: Denoiser, kept: Tensor, mask: Tensor) -> Denoiser:
    def within(latents: Tensor, time: float) -> Tensor:
        return torch.where(mask > 0, kept, denoise(latents, time))

    return within


def _mixed(
    latents: Tensor, noise: Tensor, keep: tuple[Tensor, Tensor], schedule: Schedule, time: float
) -> Tensor:
    alpha, sigma = alpha_sigma(schedule, torch.tensor(time))
    return torch.where(keep[1] > 0, alpha * keep[0] + sigma * noise, latents)


def _ping_pong(
    denoise: Denoiser, latents: Tensor, noise: Noise, schedule: Schedule, at: Sequence[float]
) -> Tensor:
    for time, later in pairwise(at):
        clean = denoise(latents, time)
        if later == 0.0:
            return clean
        alpha, sigma = alpha_sigma(schedule, torch.tensor(later))
        latents = alpha * clean + sigma * noise()
    return latents


def _dpmpp(denoise: Denoiser, latents: Tensor, schedule: Schedule, at: Sequence[float]) -> Tensor:
    """Second-order multistep in half the log signal-to-noise ratio λ = log(α/σ)."""
    held = [min(time, _NEAR_NOISE) for time in at]
    levels = [alpha_sigma(schedule, torch.tensor(time, dtype=torch.float64)) for time in held]
    before: Tensor | None = None
    step_before = 0.0
    for index in range(len(at) - 1):
        clean = denoise(latents, held[index])
        if held[index + 1] == 0.0:
            return clean
        (alpha, sigma), (alpha_next, sigma_next) = levels[index], levels[index + 1]
        step = float(torch.log(alpha_next / sigma_next) - torch.log(alpha / sigma))
        toward = clean
        if before is not None:
            ratio = step / (2.0 * step_before)
            toward = (1.0 + ratio) * clean - ratio * before
        ratio_sigma, grown = float(sigma_next / sigma), float(alpha_next)
        latents = ratio_sigma * latents - grown * float(torch.expm1(torch.tensor(-step))) * toward
        before, step_before = clean, step
    return latents
