"""Synchformer's audio tower: an AST on each segment, its bands pooled.

Y. Gong et al., AST: Audio Spectrogram Transformer, Interspeech 2021; the spectrogram is that of
the public checkpoint's configuration.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from foley_designer.metrics.embeddings.embedder import Wave
from foley_designer.metrics.embeddings.mel import hann, mel_filters, spectra
from foley_designer.metrics.embeddings.synchformer.attention import Pool, attend
from foley_designer.metrics.embeddings.synchformer.shape import RATE, Shape

SIZE, WINDOW, HOP = 1024, 400, 160
_LEAST = 1e-6
_MEAN, _DEVIATION = -4.2677393, 4.5689974
"""Of AudioSet's log mel energies, as AST was trained on."""


def images(wave: Wave, shape: Shape) -> NDArray[np.float32]:
    """Segments of a sound as the tower hears them, ``[segments, bands, columns]``.

    Args:
        wave: ``[n]`` at 16 kHz; shorter than a segment, silence follows.
        shape: sizes; segments overlap by half.
    """
    size = shape.samples
    padded = np.pad(wave.astype(np.float64), (0, max(0, size - len(wave))))
    segments = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 2]
    filters = mel_filters(RATE, SIZE, shape.bands, 0.0, RATE / 2).T
    power = [spectra(one, SIZE, HOP, hann(WINDOW), centred=True) ** 2 for one in segments]
    levels = np.log(np.stack(power) @ filters + _LEAST)[:, : shape.columns]
    # Columns that lack are 0 before the scaling, not silence: so the model was trained.
    levels = np.pad(levels, ((0, 0), (0, shape.columns - levels.shape[1]), (0, 0)))
    return ((levels - _MEAN) / (2.0 * _DEVIATION)).transpose(0, 2, 1).astype(np.float32)


class Dense(nn.Module):
    """A linear map by the name that the weights give it.

    Args:
        size: numbers in.
        told: numbers out.
    """

    def __init__(self, size: int, told: int) -> None:
        super().__init__()
        self.dense = nn.Linear(size, told)

    def forward(self, x: Tensor) -> Tensor:
        """``[..., size]`` to ``[..., told]``."""
        told: Tensor = self.dense(x)
        return told


class Heads(nn.Module):
    """Attention of tokens to one another, before its output is mapped.

    Args:
        width: numbers of a token.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self._heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        """``[batch, tokens, width]`` to the same."""
        return attend(self.query(x), self.key(x), self.value(x), self._heads)


class Layer(nn.Module):
    """One of the AST's layers.

    Args:
        width: numbers of a token.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.ModuleDict(
            {"attention": Heads(width, heads), "output": Dense(width, width)}
        )
        self.intermediate, self.output = Dense(width, 4 * width), Dense(4 * width, width)
        self.layernorm_before = nn.LayerNorm(width, eps=1e-12)
        self.layernorm_after = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor) -> Tensor:
        """``[batch, tokens, width]`` to the same."""
        told = self.attention["attention"](self.layernorm_before(x))
        x = x + self.attention["output"](told)
        inner = functional.gelu(self.intermediate(self.layernorm_after(x)))
        heard: Tensor = x + self.output(inner)
        return heard


class Embeddings(nn.Module):
    """Patches of a spectrogram as tokens, two of the model's own before them.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.distillation_token = nn.Parameter(torch.zeros(1, 1, width))
        self.position_embeddings = nn.Parameter(torch.zeros(1, shape.rows * shape.steps + 2, width))
        self.patch_embeddings = nn.ModuleDict(
            {"projection": nn.Conv2d(1, width, shape.patch, shape.stride)}
        )

    def forward(self, mel: Tensor) -> Tensor:
        """``[batch, bands, columns]`` to ``[batch, tokens, width]``, rows one after another."""
        x = self.patch_embeddings["projection"](mel[:, None]).flatten(2).transpose(1, 2)
        own = torch.cat([self.cls_token, self.distillation_token], dim=1).expand(len(x), -1, -1)
        return torch.cat([own, x], dim=1) + self.position_embeddings


class Ast(nn.Module):
    """The transformer.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        layers = (Layer(shape.width, shape.heads) for _ in range(shape.depth))
        self.embeddings = Embeddings(shape)
        self.encoder = nn.ModuleDict({"layer": nn.Sequential(*layers)})
        self.layernorm = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, mel: Tensor) -> Tensor:
        """``[batch, bands, columns]`` to ``[batch, tokens, width]``, two of its own first."""
        heard: Tensor = self.layernorm(self.encoder["layer"](self.embeddings(mel)))
        return heard


class Hearing(nn.Module):
    """The tower.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self._shape = shape
        self.ast = Ast(shape)
        self.freq_attn_agg = Pool(shape.width, shape.heads)

    def forward(self, mel: Tensor) -> Tensor:
        """Segments ``[batch, bands, columns]`` to ``[batch, steps, width]``."""
        x = self.ast(mel)[:, 2:].unflatten(1, (self._shape.rows, self._shape.steps))
        pooled: Tensor = self.freq_attn_agg(x.transpose(1, 2).flatten(0, 1))
        heard: Tensor = pooled.unflatten(0, (len(mel), self._shape.steps))
        return heard
