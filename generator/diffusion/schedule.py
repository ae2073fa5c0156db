"""Noise schedules: how much signal and noise a latent holds at time t, and what is predicted."""

from enum import StrEnum

import torch
from torch import Tensor


class Schedule(StrEnum):
    """x_t = α(t)·x + σ(t)·noise; t runs from 1, all noise, to 0."""

    COSINE_V = "cosine_v"
    """α = cos(πt/2), σ = sin(πt/2); the backbone predicts v = α·noise - σ·x (Salimans & Ho,
    2022). Stable Audio Open 1.0."""
    RECTIFIED_FLOW = "rectified_flow"
    """α = 1 - t, σ = t; the backbone predicts noise - x (Liu et al., 2022). Stable Audio Open
    small, Stable Audio 3 and foley-mini."""


def alpha_sigma(schedule: Schedule, time: Tensor) -> tuple[Tensor, Tensor]:
    """Shares of signal and noise at ``time``, any shape."""
    if schedule is Schedule.RECTIFIED_FLOW:
        return 1.0 - time, time
    angle = time * (torch.pi / 2)
    return torch.cos(angle), torch.sin(angle)


def noised(schedule: Schedule, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
    """x_t of latents ``[batch, channels, steps]`` at times ``[batch]``."""
    alpha, sigma = (part[:, None, None] for part in alpha_sigma(schedule, time))
    return alpha * clean + sigma * noise


def target(schedule: Schedule, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
    """What the backbone should predict; shapes as in `noised`."""
    if schedule is Schedule.RECTIFIED_FLOW:
        return noise - clean
    alpha, sigma = (part[:, None, None] for part in alpha_sigma(schedule, time))
    return alpha * noise - sigma * clean


def denoised(schedule: Schedule, latents: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
    """The clean latents that a prediction stands for; shapes as in `noised`."""
    alpha, sigma = (part[:, None, None] for part in alpha_sigma(schedule, time))
    if schedule is Schedule.RECTIFIED_FLOW:
        return latents - sigma * predicted
    return alpha * latents - sigma * predicted
