"""ImageBind's vision tower: frames, one every two seconds, to vectors beside those of sounds."""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Array
from foley_designer.metrics.embeddings.imagebind_block import PARTS, Shape, block

SIDE, PATCH, TWICE = 224, 14, 2
"""Pixels of a picture and of its patches; a still stands for a film of two frames."""
EVERY_S = 2.0
"""From one picture to the next, as in av-benchmark."""
FULL = Shape(width=1280, depth=32, heads=16, embedded=1024)
"""The public model's."""
_MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
_DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711])
"""Of the training data, red, green and blue."""


def read_frames(path: Path) -> Array:
    """A clip's frames every two seconds as the tower sees them, ``[n, 3, 224, 224]``.

    Raises:
        FoleyError: as `decode.probe`.
    """
    from foley_designer.metrics.embeddings.synchformer.frames import square  # noqa: PLC0415
    from foley_designer.vision.video.decode import MAX_SIDE, frames  # noqa: PLC0415

    chosen: list[Array] = []
    for frame in frames(path, MAX_SIDE):
        if frame.time_s >= len(chosen) * EVERY_S:
            _, picture = square(frame, SIDE)
            chosen.append(((picture / 255.0 - _MEAN) / _DEVIATION).transpose(2, 0, 1))
    return np.stack(chosen)


def network(shape: Shape = FULL) -> Any:
    """The vision tower with the key names of the public weights, randomly initialised."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415
    from torch.nn import functional as f  # noqa: PLC0415

    class Tower(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            trunk = nn.ModuleDict(
                {
                    "pre_transformer_layer": nn.Sequential(nn.LayerNorm(shape.width, eps=1e-6)),
                    "blocks": nn.Sequential(*(block(shape, False) for _ in range(shape.depth))),
                }
            )
            head = nn.Sequential(
                nn.LayerNorm(shape.width, eps=1e-6),
                nn.Identity(),
                nn.Linear(shape.width, shape.embedded, bias=False),
            )
            for part, module in zip(PARTS, (_stem(shape), trunk, head), strict=True):
                self.add_module(part, nn.ModuleDict({"vision": module}))

        def forward(self, frames: torch.Tensor) -> torch.Tensor:
            stem, trunk, head = (self.get_submodule(f"{part}.vision") for part in PARTS)
            x = trunk.get_submodule("pre_transformer_layer")(stem(frames)).transpose(0, 1)
            x = trunk.get_submodule("blocks")(x)[0]
            told: torch.Tensor = f.normalize(head(x), dim=-1)
            return told

    return Tower()


def _stem(shape: Shape) -> Any:
    """Pictures ``[batch, 3, 224, 224]`` to tokens ``[batch, patches + 1, width]``."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    width, size = shape.width, (TWICE, PATCH, PATCH)
    patches = (SIDE // PATCH) ** 2

    class Stem(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            project = nn.Conv3d(3, width, size, size, bias=False)
            self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
            self.rgbt_stem = nn.ModuleDict({"proj": nn.Sequential(nn.Identity(), project)})
            self.pos_embedding_helper = nn.ParameterDict(
                {"pos_embed": nn.Parameter(torch.zeros(1, patches + 1, width))}
            )

        def forward(self, frames: torch.Tensor) -> torch.Tensor:
            film = frames[:, :, None].expand(-1, -1, TWICE, -1, -1)
            x = self.rgbt_stem["proj"](film).flatten(2).transpose(1, 2)
            tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1)
            told: torch.Tensor = tokens + self.pos_embedding_helper["pos_embed"]
            return told

    return Stem()
