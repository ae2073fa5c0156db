"""What the towers of ImageBind share: their sizes, the names of their parts, and a layer."""

from typing import Any, NamedTuple

PARTS = ("modality_preprocessors", "modality_trunks", "modality_heads")


class Shape(NamedTuple):
    """Sizes of the tower; the default is the public model's."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    embedded: int = 1024


def block(shape: Shape, bias_kv: bool) -> Any:
    """A layer of a tower, ``[tokens, batch, width]``; ``bias_kv`` adds a learnt key and value."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415
    from torch.nn import functional as f  # noqa: PLC0415

    width = shape.width

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attn = nn.MultiheadAttention(width, shape.heads, add_bias_kv=bias_kv)
            self.norm_1, self.norm_2 = (nn.LayerNorm(width, eps=1e-6) for _ in range(2))
            self.mlp = nn.ModuleDict(
                {"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)}
            )

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = self.norm_1(x)
            x = x + self.attn(y, y, y, need_weights=False)[0]
            told: torch.Tensor = x + self.mlp["fc2"](f.gelu(self.mlp["fc1"](self.norm_2(x))))
            return told

    return Block()
