"""What the backbones of diffusers' classes share."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from foley_designer.core.errors import ErrorCode, FoleyError


class DiffusersBackbone:
    """A transformer and an autoencoder of diffusers.

    Args:
        transformer: the DiT, with its blocks in ``transformer_blocks``.
        autoencoder: whose ``decode`` has no chance in it.
    """

    def __init__(self, transformer: Any, autoencoder: Any) -> None:
        self._transformer, self._autoencoder = transformer, autoencoder

    @property
    def layers(self) -> nn.ModuleList:
        """The transformer's blocks."""
        layers: nn.ModuleList = self._transformer.transformer_blocks
        return layers

    @property
    def network(self) -> nn.Module:
        """The transformer."""
        network: nn.Module = self._transformer
        return network

    @property
    def device(self) -> torch.device:
        """Where the transformer computes."""
        device: torch.device = self._transformer.device
        return device

    @torch.no_grad()
    def decode(self, latents: Tensor, generator: torch.Generator) -> Tensor:
        """Audio ``[batch, 2, samples]``; nothing is left to chance."""
        del generator
        audio: Tensor = self._autoencoder.decode(latents.to(self._autoencoder.dtype)).sample
        return audio


def not_whole(folder: Path, name: str, error: Exception) -> FoleyError:
    """The error of a folder in which parts of a model are missing."""
    return FoleyError(
        ErrorCode.PART_MISSING,
        f"{folder} is no whole copy of {name}: {' '.join(str(error).split())[:200]}",
        f"foley-designer models pull {name} fetches it.",
    )
