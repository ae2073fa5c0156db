"""Synchformer: 768 numbers, six for each 0.64 s of sound, and how far sound is off its picture.

V. Iashin et al., Synchformer: Efficient Synchronization from Sparse Cues, ICASSP 2024. Loads the
public weights by their own key names, ``24-01-04T16-39-21.pt`` (trained on AudioSet) of
v-iashin/Synchformer, or the same as ``synchformer_state_dict.pth``; both under the MIT licence.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from foley_designer.metrics.embeddings.embedder import Array, Heard, Wave, mono_at, wanted
from foley_designer.metrics.embeddings.synchformer.frames import Frames
from foley_designer.metrics.embeddings.synchformer.hearing import Hearing, images
from foley_designer.metrics.embeddings.synchformer.judge import Judge
from foley_designer.metrics.embeddings.synchformer.seeing import Seeing
from foley_designer.metrics.embeddings.synchformer.shape import RATE, Shape
from foley_designer.metrics.embeddings.weights import fit, read_state


class Network(nn.Module):
    """Both towers and the judge, with the key names of the public weights.

    Args:
        shape: sizes.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.vfeat_extractor, self.afeat_extractor = Seeing(shape), Hearing(shape)
        self.vproj, self.aproj = (nn.Linear(shape.width, shape.width) for _ in range(2))
        self.transformer = Judge(shape)

    def forward(self, seen: Tensor, heard: Tensor) -> Tensor:
        """Windows ``[batch, segments, moments or steps, width]`` to ``[batch, classes]``."""
        told: Tensor = self.transformer(
            self.vproj(seen.flatten(1, 2)), self.aproj(heard.flatten(1, 2))
        )
        return told


class Synchformer:
    """The model.

    Args:
        network: randomly initialised, or with weights.
        shape: its sizes.
    """

    name = "synchformer"

    def __init__(self, network: Network, shape: Shape) -> None:
        self._network = network.eval()
        self.shape = shape

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`; six vectors for each segment of 0.64 s, which overlap by half."""
        return Heard(self.heard(samples, sample_rate).flatten(0, 1).double().numpy(), None)

    def heard(self, samples: Wave, sample_rate: int) -> Tensor:
        """Segments of a sound ``[channels, n]`` as ``[segments, steps, width]``."""
        mels = torch.from_numpy(images(mono_at(samples, sample_rate, RATE), self.shape))
        return self._each(self._network.afeat_extractor, mels)

    def seen(self, frames: Frames) -> Tensor:
        """Segments of a film as ``[segments, moments, width]``, which overlap by half.

        Args:
            frames: RGB ``[n, side, side, 3]`` at 25 a second.

        Raises:
            ValueError: fewer frames than a segment has, or not of its size.
        """
        size, side = self.shape.frames, self.shape.side
        if len(frames) < size or frames.shape[1:] != (side, side, 3):
            raise ValueError(f"got frames {frames.shape}, not [{size} or more, {side}, {side}, 3]")
        segments = torch.from_numpy(frames).unfold(0, size, size // 2).permute(0, 3, 4, 1, 2)
        scaled = (one.float() / 127.5 - 1.0 for one in segments)
        return self._each(self._network.vfeat_extractor, scaled)

    def judge(self, seen: Tensor, heard: Tensor) -> Array:
        """How likely each offset is, ``[windows, classes]``, before any softmax.

        Args:
            seen: ``[windows, 14, moments, width]``.
            heard: ``[windows, 14, steps, width]``.
        """
        with torch.inference_mode():
            return np.asarray(self._network(seen, heard).double().numpy())

    def _each(self, tower: nn.Module, segments: Iterable[Tensor]) -> Tensor:
        """One segment after another, which bounds the memory."""
        with torch.inference_mode():
            return torch.cat([tower(one[None]) for one in segments])


def network(shape: Shape = Shape()) -> Network:  # noqa: B008 - a constant
    """The model with the key names of the public weights, randomly initialised."""
    return Network(shape)


def load(weights: Path | None = None, shape: Shape = Shape()) -> Synchformer:  # noqa: B008
    """The public weights from a file.

    Raises:
        OSError: no such file, no checkpoint, or another model's.
    """
    state = read_state(wanted(weights))
    with torch.device("meta"):
        model = network(shape)
    fit(model, state)
    return Synchformer(model, shape)
