"""foley-mini's diffusion transformer: conditioned by adaptive normalisation, after DiT."""

import math

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from foley_designer.core.documents import Part
from foley_designer.generator.diffusion.injection import attention, rotary, rotate

_TIME_RATES = 64
TEXT = 256
"""Width of a caption's vector."""


class TransformerConfig(Part):
    """Sizes of the transformer."""

    width: int = Field(default=256, ge=8)
    depth: int = Field(default=8, ge=4)
    head_width: int = Field(default=64, ge=2, multiple_of=2)
    widening: int = Field(default=3, ge=1)


class MiniBlock(nn.Module):
    """Self-attention and feed-forward, scaled, shifted and gated by the condition.

    The six modulations come from one projection that all blocks share, plus the block's own table
    (Chen et al., PixArt-α, 2023).

    Args:
        config: sizes.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.head_width = config.head_width
        self.norm_attention = nn.LayerNorm(width, elementwise_affine=False)
        self.norm_feed = nn.LayerNorm(width, elementwise_affine=False)
        self.to_qkv = nn.Linear(width, 3 * width, bias=False)
        self.to_out = nn.Linear(width, width, bias=False)
        self.feed = nn.Sequential(
            nn.Linear(width, config.widening * width),
            nn.GELU(approximate="tanh"),
            nn.Linear(config.widening * width, width),
        )
        self.table = nn.Parameter(torch.zeros(6, width))

    def forward(self, hidden: Tensor, modulation: Tensor) -> Tensor:
        """``hidden`` ``[batch, steps, width]``, ``modulation`` ``[batch, 6, width]``."""
        parts = (modulation + self.table).unsqueeze(2).unbind(dim=1)
        shift, scale, gate, shift_feed, scale_feed, gate_feed = parts
        normed = self.norm_attention(hidden) * (1.0 + scale) + shift
        hidden = hidden + gate * self._attend(normed)
        normed = self.norm_feed(hidden) * (1.0 + scale_feed) + shift_feed
        changed: Tensor = hidden + gate_feed * self.feed(normed)
        return changed

    def _attend(self, hidden: Tensor) -> Tensor:
        turn = rotary(hidden.shape[1], self.head_width, hidden.device)
        query, key, value = (
            part.unflatten(2, (-1, self.head_width)).transpose(1, 2)
            for part in self.to_qkv(hidden).chunk(3, dim=-1)
        )
        attended = attention(rotate(query, turn), rotate(key, turn), value)
        out: Tensor = self.to_out(attended.transpose(1, 2).flatten(2))
        return out


class MiniTransformer(nn.Module):
    """Predicts the flow of latents ``[batch, channels, steps]``.

    Args:
        channels: of the latents.
        config: sizes.
    """

    def __init__(self, channels: int, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.enter = nn.Linear(channels, width)
        self.time = nn.Sequential(
            nn.Linear(2 * _TIME_RATES, width), nn.SiLU(), nn.Linear(width, width)
        )
        self.text = nn.Sequential(nn.Linear(TEXT, width), nn.SiLU(), nn.Linear(width, width))
        self.modulate = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList(MiniBlock(config) for _ in range(config.depth))
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, channels)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, latents: Tensor, time: Tensor, text: Tensor) -> Tensor:
        """``time`` ``[batch]`` from 1 to 0, ``text`` ``[batch, TEXT]``."""
        condition = self.time(_waves(time)) + self.text(text)
        modulation = self.modulate(functional.silu(condition)).unflatten(1, (6, -1))
        hidden = self.enter(latents.transpose(1, 2))
        for block in self.blocks:
            hidden = block(hidden, modulation)
        left: Tensor = self.leave(self.norm(hidden))
        return left.transpose(1, 2)


def _waves(time: Tensor) -> Tensor:
    """Sinusoids of the time, ``[batch, 2 · _TIME_RATES]``."""
    rates = torch.exp(torch.linspace(0.0, math.log(1000.0), _TIME_RATES, device=time.device))
    angles = time[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], dim=1)
