"""Injection blocks between a frozen backbone's layers (Eq. 7), by hooks.

Hooks leave the backbone's modules and keys as they are: its checkpoint loads before or after, the
injection's own weights are saved apart, and detached it is the base model again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.hooks import RemovableHandle

from foley_designer.core.documents import Part
from foley_designer.generator.diffusion.position import PosEncoder, PositionConfig

EVERY = 4
"""One injection block after every fourth layer: 3, 7, 11, 15, 19 and 23 of 24."""
_ROPE_BASE = 10_000.0


class InjectionConfig(Part):
    """The position-aware adapter of one backbone."""

    position: PositionConfig = PositionConfig()
    every: int = Field(default=EVERY, ge=1)
    head_width: int = Field(default=64, ge=2, multiple_of=2)
    widening: int = Field(default=2, ge=1)
    """Width of the feed-forward part, in widths of the backbone."""
    aligned: bool = False
    """Also adds a projection of each step's own embedding. Beyond the paper: small models learn
    the way through it long before attention finds the diagonal."""


def injected_layers(depth: int, every: int = EVERY) -> tuple[int, ...]:
    """Indices of the layers after which a block is injected."""
    return tuple(range(every - 1, depth, every))


def rotary(length: int, width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines ``[length, width]`` of rotary position embedding (Su et al., 2021)."""
    rates = _ROPE_BASE ** -(torch.arange(0, width, 2, device=device).float() / width)
    angles = torch.outer(torch.arange(length, device=device).float(), rates)
    doubled = torch.cat([angles, angles], dim=-1)
    return doubled.cos(), doubled.sin()


def rotate(values: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Turn ``[..., length, width]`` by its place in the sequence."""
    cosines, sines = (part.to(values.dtype) for part in turn)
    first, second = values.chunk(2, dim=-1)
    return values * cosines + torch.cat([-second, first], dim=-1) * sines


def attention(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attention of heads ``[batch, heads, length, width]`` to one another.

    Written out where a CPU trains, whose fused form is slow backwards.
    """
    if query.device.type != "cpu" or not torch.is_grad_enabled():
        return functional.scaled_dot_product_attention(query, key, value)
    scores = torch.matmul(query * query.shape[-1] ** -0.5, key.transpose(-1, -2))
    return torch.matmul(scores.softmax(dim=-1).to(value.dtype), value)


class InjectionBlock(nn.Module):
    """Cross-attention from latents to positions, then feed-forward; the identity at first.

    Rotary embedding turns queries and keys, without which attention can't tell one step's
    embedding from another's. Their biases start equal, so that attention starts near the
    diagonal. Both outputs start at zero.

    Args:
        width: of the backbone's hidden states.
        config: the adapter's sizes.
    """

    def __init__(self, width: int, config: InjectionConfig) -> None:
        super().__init__()
        if width % config.head_width:
            raise ValueError(f"width {width} is no multiple of the heads' {config.head_width}")
        embedded = config.position.width
        self.head_width = config.head_width
        self.norm_latents = nn.LayerNorm(width)
        self.norm_position = nn.LayerNorm(embedded)
        self.to_query = nn.Linear(width, width)
        self.to_key = nn.Linear(embedded, width)
        self.to_value = nn.Linear(embedded, width, bias=False)
        self.to_out = nn.Linear(width, width, bias=False)
        self.aligned = nn.Linear(embedded, width, bias=False) if config.aligned else None
        self.norm_feed = nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, config.widening * width),
            nn.GELU(approximate="tanh"),
            nn.Linear(config.widening * width, width, bias=False),
        )
        self._start()

    def _start(self) -> None:
        nn.init.ones_(self.to_query.bias)
        nn.init.ones_(self.to_key.bias)
        last = self.feed[2]
        ends = [self.to_out.weight, last.weight]
        if self.aligned is not None:
            ends.append(self.aligned.weight)
        for weight in ends:
            assert isinstance(weight, Tensor)
            nn.init.zeros_(weight)

    def forward(self, latents: Tensor, embedded: Tensor, keep: Tensor | None = None) -> Tensor:
        """Inject positions.

        Args:
            latents: z_ℓ, ``[batch, steps, width]``.
            embedded: E_pos, ``[batch, steps, d_emb]``.
            keep: ``[batch]``, 0 if a row goes without position.
        """
        positions = self.norm_position(embedded)
        change = self._attend(self.norm_latents(latents), positions)
        if self.aligned is not None:
            change = change + self.aligned(positions)
        kept = 1.0 if keep is None else keep[:, None, None].to(latents.dtype)
        latents = latents + kept * change
        fed: Tensor = self.feed(self.norm_feed(latents))
        return latents + kept * fed

    def _attend(self, latents: Tensor, positions: Tensor) -> Tensor:
        turn = rotary(latents.shape[1], self.head_width, latents.device)
        query = rotate(self._heads(self.to_query(latents)), turn)
        key = rotate(self._heads(self.to_key(positions)), turn)
        value = self._heads(self.to_value(positions))
        attended = attention(query, key, value)
        out: Tensor = self.to_out(attended.transpose(1, 2).flatten(2))
        return out

    def _heads(self, values: Tensor) -> Tensor:
        batch, steps, _ = values.shape
        return values.view(batch, steps, -1, self.head_width).transpose(1, 2)


class PositionInjection(nn.Module):
    """PosEncoder and injection blocks of one backbone: all that training changes.

    Args:
        depth: layers of the backbone.
        width: of its hidden states.
        stride: position frames a latent step.
        config: sizes.
        generator: draws the Fourier projection.
    """

    def __init__(
        self,
        depth: int,
        width: int,
        stride: int,
        config: InjectionConfig,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.config = config
        self.layers = injected_layers(depth, config.every)
        if not self.layers:
            raise ValueError(f"{depth} layers have no room for a block after every {config.every}")
        self.encoder = PosEncoder(config.position, stride, generator)
        self.blocks = nn.ModuleList(InjectionBlock(width, config) for _ in self.layers)
        self._embedded: Tensor | None = None
        self._keep: Tensor | None = None

    def attach(self, layers: nn.ModuleList) -> list[RemovableHandle]:
        """Hook the blocks behind their layers; removing the handles gives the base back.

        A layer returns hidden states ``[batch, prefix + steps, width]``; the last ``steps`` are
        the latents, whatever global or memory tokens a backbone puts before them.
        """
        return [
            layers[index].register_forward_hook(self._hook(block))
            for index, block in zip(self.layers, self.blocks, strict=True)
        ]

    @contextmanager
    def conditioned(self, cues: Tensor, keep: Tensor | None = None) -> Iterator[None]:
        """Inject these cues in every forward pass of the backbone inside the context.

        Args:
            cues: ``[batch, 4, n]``.
            keep: ``[batch]``, 0 for rows without position: dropped in training, unconditional
                in guidance. Such a row is exactly the base model's.
        """
        self._embedded, self._keep = self.encoder(cues), keep
        try:
            yield
        finally:
            self._embedded = self._keep = None

    def _hook(self, block: nn.Module) -> Any:
        def inject(_layer: nn.Module, _inputs: Any, hidden: Tensor) -> Tensor:
            embedded = self._embedded
            if embedded is None:
                return hidden
            before = hidden.shape[1] - embedded.shape[1]
            latents = block(hidden[:, before:], embedded.to(hidden.dtype), self._keep)
            return torch.cat([hidden[:, :before], latents], dim=1) if before else latents

        return inject
