"""Synchformer's vision tower: a transformer of divided space-time attention on each segment.

G. Bertasius et al., Is Space-Time Attention All You Need for Video Understanding?, ICML 2021, as
M. Patrick et al., Keeping Your Eye on the Ball, NeurIPS 2021 (Motionformer), build it; the places
of each moment are pooled.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from foley_designer.metrics.embeddings.synchformer.attention import Pool
from foley_designer.metrics.embeddings.synchformer.shape import Shape


class Divided(nn.Module):
    """Attention along one axis of space-time; the model's own token attends to all.

    Args:
        width: numbers of a token.
        heads: of the attention.
        in_time: whether a place attends to itself at all moments; else all places of a moment to
            one another.
    """

    def __init__(self, width: int, heads: int, *, in_time: bool) -> None:
        super().__init__()
        self._heads, self._in_time = heads, in_time
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, own: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
        """Own token ``[batch, width]`` and tokens ``[batch, moments, places, width]``."""
        asked, key, value = self._split(own[:, None, None])
        q, k, v = self._split(x)
        told = functional.scaled_dot_product_attention(
            asked.flatten(2, 3),
            torch.cat([key, k.flatten(2, 3)[:, :, None]], dim=3).flatten(2, 3),
            torch.cat([value, v.flatten(2, 3)[:, :, None]], dim=3).flatten(2, 3),
        )
        if self._in_time:
            q, k, v = (one.transpose(2, 3) for one in (q, k, v))
        rows = (-1, -1, q.shape[2], -1, -1)
        k, v = torch.cat([key.expand(rows), k], dim=3), torch.cat([value.expand(rows), v], dim=3)
        seen = functional.scaled_dot_product_attention(q, k, v)
        seen = seen.permute(0, 3, 2, 1, 4) if self._in_time else seen.permute(0, 2, 3, 1, 4)
        return self.proj(told.flatten(1)), self.proj(seen.flatten(3))

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value, each ``[batch, heads, moments, places, width / heads]``."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self._heads, -1)).permute(3, 0, 4, 1, 2, 5)
        return q, k, v


class Block(nn.Module):
    """One of the tower's layers: time, space, perceptron.

    Args:
        width: numbers of a token.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width, eps=1e-6) for _ in range(3))
        self.attn = Divided(width, heads, in_time=False)
        self.timeattn = Divided(width, heads, in_time=True)
        self.mlp = nn.ModuleDict(
            {"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)}
        )

    def forward(self, own: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
        """As `Divided`, to the same shapes."""
        for norm, attention in ((self.norm3, self.timeattn), (self.norm1, self.attn)):
            told, seen = attention(norm(own), norm(x))
            own, x = own + told, x + seen
        return own + self._think(own), x + self._think(x)

    def _think(self, x: Tensor) -> Tensor:
        told: Tensor = self.mlp["fc2"](functional.gelu(self.mlp["fc1"](self.norm2(x))))
        return told


class Seeing(nn.Module):
    """The tower.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, patch = shape.width, shape.patch
        solid = (shape.thickness, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, shape.places + 1, width))
        self.temp_embed = nn.Parameter(torch.zeros(1, shape.moments, width))
        # Flat patches are in the weights; only solid ones are looked at.
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, width, patch, patch)})
        self.patch_embed_3d = nn.ModuleDict({"proj": nn.Conv3d(3, width, solid, solid)})
        self.blocks = nn.ModuleList(Block(width, shape.heads) for _ in range(shape.depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.spatial_attn_agg = Pool(width, shape.heads)

    def forward(self, frames: Tensor) -> Tensor:
        """Segments ``[batch, 3, frames, side, side]`` to ``[batch, moments, width]``."""
        x = self.patch_embed_3d["proj"](frames).flatten(3).permute(0, 2, 3, 1)
        x = x + self.pos_embed[:, None, 1:] + self.temp_embed[:, :, None]
        own = (self.cls_token[:, 0] + self.pos_embed[:, 0]).expand(len(x), -1)
        for block in self.blocks:
            own, x = block(own, x)
        pooled: Tensor = self.spatial_attn_agg(self.norm(x).flatten(0, 1))
        seen: Tensor = pooled.unflatten(0, x.shape[:2])
        return seen
