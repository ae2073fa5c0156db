"""PANNs Cnn14 at 16 kHz: 2048 numbers a clip, 527 AudioSet classes.

Q. Kong et al., PANNs: Large-Scale Pretrained Audio Neural Networks, IEEE/ACM TASLP 28, 2020. Loads
the public ``Cnn14_16k_mAP=0.438.pth`` by its own key names; its mel matrix is taken from there.
"""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Heard, Wave, mono_at, wanted
from foley_designer.metrics.embeddings.mel import hann, spectra

RATE = 16_000
SIZE, HOP, BANDS = 512, 160, 64
CHANNELS = (64, 128, 256, 512, 1024, 2048)
CLASSES = 527
_FRONT = ("spectrogram_extractor.", "logmel_extractor.")
_LEAST = 5120
"""Samples: the network halves time five times."""


class Panns:
    """The model.

    Args:
        network: torch module as `network` makes it.
        filters: ``[257, 64]`` mel weights of power, from the checkpoint.
    """

    name = "panns"

    def __init__(self, network: Any, filters: Any) -> None:
        self._network = network.eval()
        self._filters = np.asarray(filters, np.float64)

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`."""
        import torch  # noqa: PLC0415

        wave = mono_at(samples, sample_rate, RATE)
        wave = np.pad(wave, (0, max(0, _LEAST - len(wave))))
        power = spectra(wave, SIZE, HOP, hann(SIZE), centred=True) ** 2
        levels = 10.0 * np.log10(np.maximum(power @ self._filters, 1e-10))
        with torch.no_grad():
            vector, logits = self._network(torch.tensor(levels, dtype=torch.float32)[None, None])
        return Heard(vector.double().numpy(), logits[0].double().numpy())


def network(channels: tuple[int, ...] = CHANNELS, classes: int = CLASSES) -> Any:
    """Cnn14 with the key names of the public weights, randomly initialised."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415
    from torch.nn import functional as f  # noqa: PLC0415

    class Block(nn.Module):
        def __init__(self, before: int, after: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(before, after, 3, padding=1, bias=False)
            self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(after), nn.BatchNorm2d(after)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = f.relu(self.bn1(self.conv1(x)))
            return f.relu(self.bn2(self.conv2(x)))

    class Cnn14(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bn0 = nn.BatchNorm2d(BANDS)
            for number, pair in enumerate(zip((1, *channels), channels, strict=False), 1):
                setattr(self, f"conv_block{number}", Block(*pair))
            self.fc1 = nn.Linear(channels[-1], channels[-1])
            self.fc_audioset = nn.Linear(channels[-1], classes)

        def forward(self, levels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x = self.bn0(levels.transpose(1, 3)).transpose(1, 3)
            for number in range(1, len(channels) + 1):
                x = getattr(self, f"conv_block{number}")(x)
                if number < len(channels):
                    x = f.avg_pool2d(x, 2)
            x = x.mean(dim=3)
            pooled = x.amax(dim=2) + x.mean(dim=2)
            vector = f.relu(self.fc1(pooled))
            return vector, self.fc_audioset(vector)

    return Cnn14()


def load(weights: Path | None = None) -> Panns:
    """The public checkpoint from a file."""
    from foley_designer.metrics.embeddings.weights import fit, read_state  # noqa: PLC0415

    state = read_state(wanted(weights))  # sampler state lies beside the tensors, and is passed over
    filters = state["logmel_extractor.melW"].numpy()
    model = network()
    fit(model, {k: v for k, v in state.items() if not k.startswith(_FRONT)})
    return Panns(model, filters)
