"""Synchformer's last part: what was seen and heard, judged together."""

import torch
from torch import Tensor, nn

from foley_designer.metrics.embeddings.synchformer.attention import attend
from foley_designer.metrics.embeddings.synchformer.shape import Shape


class Attention(nn.Module):
    """Of every token to every other.

    Args:
        width: numbers of a token.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self._heads = heads
        self.key, self.query, self.value, self.proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        """``[batch, tokens, width]`` to the same."""
        told: Tensor = self.proj(attend(self.query(x), self.key(x), self.value(x), self._heads))
        return told


class Block(nn.Module):
    """One of its layers.

    Args:
        width: numbers of a token.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """``[batch, tokens, width]`` to the same."""
        x = x + self.attn(self.ln1(x))
        told: Tensor = x + self.mlp(self.ln2(x))
        return told


class Judge(nn.Module):
    """From vectors of both to a class of offset.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.OFF_tok = nn.Parameter(torch.zeros(1, 1, width))
        self.MOD_tok = nn.Parameter(torch.zeros(1, 1, width))
        self.vis_in_lnorm, self.aud_in_lnorm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.pos_emb_cfg = nn.ParameterDict(
            {"pos_emb": nn.Parameter(torch.zeros(1, shape.tokens, width))}
        )
        self.blocks = nn.Sequential(
            *(Block(width, shape.join_heads) for _ in range(shape.join_depth))
        )
        self.ln_f = nn.LayerNorm(width)
        self.off_head = nn.Linear(width, shape.classes)

    def forward(self, seen: Tensor, heard: Tensor) -> Tensor:
        """``[batch, segments · moments, width]`` and ``[batch, segments · steps, width]``.

        Returns:
            ``[batch, classes]`` before any softmax.
        """
        size = (len(seen), -1, -1)
        parts = [
            self.OFF_tok.expand(size),
            self.vis_in_lnorm(seen),
            self.MOD_tok.expand(size),
            self.aud_in_lnorm(heard),
        ]
        x = self.ln_f(self.blocks(torch.cat(parts, dim=1) + self.pos_emb_cfg["pos_emb"]))
        logits: Tensor = self.off_head(x[:, 0])
        return logits
