"""What both towers and the judge are made of."""

import torch
from torch import Tensor, nn
from torch.nn import functional


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    """Attention of queries ``[batch, n, width]`` to keys and values ``[batch, m, width]``."""
    q, k, v = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (q, k, v))
    return functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class Pool(nn.Module):
    """One vector for a set, by what its own token takes from it in a layer of a transformer.

    Key names are those of torch's encoder layer, norms first.

    Args:
        width: numbers of a vector.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm1, self.norm2 = (nn.LayerNorm(width, eps=1e-6) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """``[batch, n, width]`` to ``[batch, width]``."""
        own = self.cls_token.expand(len(x), -1, -1)
        y = self.norm1(torch.cat([own, x], dim=1))
        own = own + self.self_attn(y[:, :1], y, y, need_weights=False)[0]
        told: Tensor = own + self.linear2(functional.gelu(self.linear1(self.norm2(own))))
        return told[:, 0]
