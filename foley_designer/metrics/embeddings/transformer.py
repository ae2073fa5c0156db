"""Blocks of a vision transformer with the key names that timm gave them.

A. Dosovitskiy et al., An Image is Worth 16×16 Words, ICLR 2021: norm, attention, norm, perceptron.
"""

from typing import Any


def blocks(width: int, depth: int, heads: int) -> Any:
    """A sequence of blocks ``[batch, tokens, width]`` to the same; imports torch."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415
    from torch.nn import functional as f  # noqa: PLC0415

    class Attention(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            q, k, v = self.qkv(x).unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
            heard = f.scaled_dot_product_attention(q, k, v)
            told: torch.Tensor = self.proj(heard.transpose(1, 2).flatten(2))
            return told

    class Perceptron(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            told: torch.Tensor = self.fc2(f.gelu(self.fc1(x)))
            return told

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = (nn.LayerNorm(width, eps=1e-6) for _ in range(2))
            self.attn, self.mlp = Attention(), Perceptron()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = x + self.attn(self.norm1(x))
            told: torch.Tensor = x + self.mlp(self.norm2(x))
            return told

    return nn.Sequential(*(Block() for _ in range(depth)))
