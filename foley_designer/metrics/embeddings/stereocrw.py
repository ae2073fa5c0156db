"""StereoCRW: the time difference between two channels by a network that matches their moments.

Z. Chen, D. F. Fouhey, A. Owens, Sound Localization by Self-Supervised Time Delay Estimation, ECCV
2022. A small residual network embeds each stretch of either channel; a stretch of the left walks to
the stretches of the right by a softmax over their likeness, and its delay is the mean step. Sizes,
windows and names are those with which PeiwenSun2000/Both-Ears-Wide-Open takes CRW-MAE; weights are
the public ``FreeMusic-StereoCRW-1024.pth.tar``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.signal import resample_poly

from foley_designer.metrics.embeddings.embedder import Array, Wave, wanted

RATE = 16_000
PATCH, REACH = 3840, 512
"""Samples of a stretch (0.24 s), and over which stretches begin in one window."""
MOST_S = 0.0015
"""Largest delay that is looked for."""
WINDOW_S = 0.1
TEMPERATURE = 0.05
_STFT = 256
_BATCH = 64
_LAYERS = 4


class Shape(NamedTuple):
    """Sizes of the network; the default is the public model's."""

    width: int = 64
    """Channels of the first layer; each further one has twice as many."""
    features: int = 128


class StereoCrw:
    """The model.

    Args:
        network: torch module as `network` makes it.
        stride: samples from one stretch to the next; the papers take 1, four times as many cost
            sixteen times as little and read a quarter of the steps.
    """

    name = "stereocrw"

    def __init__(self, network: Any, stride: int = 1) -> None:
        self._network, self.stride = network.eval(), stride

    def delay_s(self, samples: Wave, sample_rate: int) -> float:
        """Mean over a clip's windows of the seconds by which left leads.

        Args:
            samples: ``[2, n]``.
            sample_rate: samples a second.
        """
        return float(np.mean([self._delay(window) for window in windows(samples, sample_rate)]))

    def _delay(self, window: Wave) -> float:
        """Seconds by which left leads in one window, ``[2, PATCH + REACH]``."""
        likeness = self.likeness(window)
        most = int(RATE * MOST_S / self.stride)
        return walk(likeness, most) * self.stride / RATE

    def likeness(self, window: Wave) -> Array:
        """Cosine of each left stretch and each right one, ``[stretches, stretches]``."""
        import torch  # noqa: PLC0415

        patches = np.lib.stride_tricks.sliding_window_view(window, PATCH, axis=1)[:, :: self.stride]
        with torch.no_grad():
            sides = [
                torch.cat([self._network(part) for part in torch.tensor(side).split(_BATCH)])
                for side in patches
            ]
            unit = [torch.nn.functional.normalize(side, dim=-1) for side in sides]
            found: Array = (unit[0] @ unit[1].T).double().numpy()
        return found


def windows(samples: Wave, sample_rate: int) -> Iterator[Wave]:
    """Windows ten times a second, ``[2, PATCH + REACH]``; none reaches over the clip's edges."""
    sound = resample_poly(samples.astype(np.float64), RATE, sample_rate, axis=1).astype(np.float32)
    length = PATCH + REACH
    sound = np.pad(sound, ((0, 0), (0, max(0, length - sound.shape[1]))))
    for number in range(max(1, round(samples.shape[1] / sample_rate / WINDOW_S))):
        start = int(number * WINDOW_S * RATE) - PATCH // 2
        start = min(max(start, 0), sound.shape[1] - length)
        yield sound[:, start : start + length]


def walk(likeness: Array, most: int) -> float:
    """Mean step from a left stretch to the right stretches that are like it, in stretches.

    Args:
        likeness: ``[n, n]`` cosines.
        most: steps farther than this are not taken; stretches nearer to the edge are left out.
    """
    at = np.arange(len(likeness))
    steps = at[None, :] - at[:, None]
    weights = np.where(np.abs(steps) <= most, likeness / TEMPERATURE, -np.inf)
    weights = np.exp(weights - weights.max(axis=1, keepdims=True))
    mean = (weights * steps).sum(axis=1) / weights.sum(axis=1)
    return float(mean[most : len(mean) - most].mean())


def network(shape: Shape = Shape()) -> Any:  # noqa: B008 - a constant
    """Stretches ``[n, PATCH]`` to features ``[n, features]``, randomly initialised; imports torch.

    Names and layers are those of the public weights: torchvision's residual network with one block
    a layer, over real and imaginary part of 128 by 128 values of a spectrogram.
    """
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = _residual(shape)

        def forward(self, patches: torch.Tensor) -> torch.Tensor:
            told: torch.Tensor = self.net(spectrogram(patches))
            return told

    return Encoder()


def spectrogram(patches: Any) -> Any:
    """Real and imaginary part over time and frequency, ``[n, 2, 128, 128]``."""
    import torch  # noqa: PLC0415

    hop = patches.shape[-1] // 128
    spectrum = torch.stft(
        patches, _STFT, hop, window=torch.hann_window(_STFT), center=True, return_complex=True
    )
    return torch.view_as_real(spectrum).permute(0, 3, 2, 1)[..., :-1, :-1]


def _residual(shape: Shape) -> Any:
    """The residual network on ``[n, 2, 128, 128]``."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    widths = [shape.width * 2**layer for layer in range(_LAYERS)]

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(2, shape.width, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(shape.width)
            before = shape.width
            for number, width in enumerate(widths, 1):
                block = _block(before, width, 1 if number == 1 else 2)
                self.add_module(f"layer{number}", nn.Sequential(block))
                before = width
            self.fc = nn.Linear(before, shape.features)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = nn.functional.relu(self.bn1(self.conv1(x)))
            x = nn.functional.max_pool2d(x, 3, 2, 1)
            for number in range(1, _LAYERS + 1):
                x = self.get_submodule(f"layer{number}")(x)
            told: torch.Tensor = self.fc(x.mean(dim=(2, 3)))
            return told

    return Residual()


def _block(before: int, width: int, stride: int) -> Any:
    """Two convolutions and a way round them."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.downsample: nn.Module = nn.Identity()
            if stride != 1 or before != width:
                self.downsample = nn.Sequential(
                    nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width)
                )

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = nn.functional.relu(self.bn1(self.conv1(x)))
            return nn.functional.relu(self.bn2(self.conv2(y)) + self.downsample(x))

    return Block()


def load(weights: Path | None = None) -> StereoCrw:
    """The network of the public weights' file; what else it holds is left unread."""
    from foley_designer.metrics.embeddings.weights import fit, read_state  # noqa: PLC0415

    state = read_state(wanted(weights))
    state = {name.removeprefix("module."): one for name, one in state.items()}
    model = network()
    fit(model, {name: one for name, one in state.items() if name.startswith("net.")})
    return StereoCrw(model)
