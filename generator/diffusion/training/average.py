"""Exponential moving average of weights."""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import Parameter


class Average:
    """A smoothed copy of trained weights, which samples better than the last ones.

    Args:
        weights: name and parameter of what is trained.
        decay: share that stays a step, once the average is warm.
    """

    def __init__(self, weights: Iterable[tuple[str, Parameter]], decay: float) -> None:
        self._weights = list(weights)
        self._decay = decay
        self.values = {name: weight.detach().clone().float() for name, weight in self._weights}

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after a step; early on the average follows faster."""
        decay = min(self._decay, (1.0 + step) / (10.0 + step))
        for name, weight in self._weights:
            self.values[name].lerp_(weight.detach().float(), 1.0 - decay)

    def load(self, values: dict[str, Tensor]) -> None:
        """Go on from a saved average."""
        for name, value in values.items():
            self.values[name].copy_(value)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange average and weights: once to use the average, once to go on."""
        for name, weight in self._weights:
            kept = weight.detach().float().clone()
            weight.copy_(self.values[name])
            self.values[name] = kept
