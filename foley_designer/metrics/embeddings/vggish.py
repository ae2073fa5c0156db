"""VGGish: the embedding of the Fréchet audio distance, 128 numbers for each 0.96 s.

S. Hershey et al., CNN Architectures for Large-Scale Audio Classification, ICASSP 2017. Loads the
public ``vggish-10086976.pth`` by its own key names. As in the public scorers, neither the PCA nor
the last rectifier is applied.
"""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Heard, Wave, mono_at, wanted
from foley_designer.metrics.embeddings.mel import hann, patches, spectra, triangles_in_mel

RATE = 16_000
FRAMES = 96
CHANNELS = (64, 128, 256, 256, 512, 512)
HIDDEN, EMBEDDED = 4096, 128
_POOLED_AFTER = (0, 1, 3, 5)
_LEAST = 15_600
_AT_ONCE = 64


class Vggish:
    """The model.

    Args:
        network: torch module as `network` makes it.
    """

    name = "vggish"

    def __init__(self, network: Any) -> None:
        self._network = network.eval()

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`."""
        import torch  # noqa: PLC0415

        wave = mono_at(samples, sample_rate, RATE)
        blocks = torch.tensor(log_mel(np.pad(wave, (0, max(0, _LEAST - len(wave))))))[:, None]
        with torch.no_grad():
            parts = [self._network(part) for part in blocks.float().split(_AT_ONCE)]
        return Heard(torch.cat(parts).double().numpy(), None)


def log_mel(wave: Wave) -> Any:
    """Examples ``[k, 96, 64]``: log of mel magnitudes + 0.01, next to each other."""
    magnitude = spectra(wave, 512, 160, hann(400), centred=False)
    mel = magnitude @ triangles_in_mel(RATE, 512, 64, 125.0, 7500.0).T
    return patches(np.log(mel + 0.01), FRAMES, FRAMES)


def network(channels: tuple[int, ...] = CHANNELS, hidden: int = HIDDEN) -> Any:
    """The network with the key names of the public weights, randomly initialised."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            layers: list[nn.Module] = []
            for index, (before, after) in enumerate(zip((1, *channels), channels, strict=False)):
                layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(inplace=True)]
                if index in _POOLED_AFTER:
                    layers.append(nn.MaxPool2d(2, 2))
            self.features = nn.Sequential(*layers)
            self.embeddings = nn.Sequential(
                nn.Linear(channels[-1] * 6 * 4, hidden),
                nn.ReLU(inplace=True),
                nn.Linear(hidden, hidden),
                nn.ReLU(inplace=True),
                nn.Linear(hidden, EMBEDDED),
            )

        def forward(self, examples: torch.Tensor) -> torch.Tensor:
            # The original is TensorFlow's: time, band, channel is the order that it flattens in.
            maps = self.features(examples).permute(0, 2, 3, 1)
            embedded: torch.Tensor = self.embeddings(maps.flatten(1))
            return embedded

    return Network()


def load(weights: Path | None = None) -> Vggish:
    """The public weights from a file."""
    import torch  # noqa: PLC0415

    from foley_designer.metrics.embeddings.weights import fit  # noqa: PLC0415

    state = torch.load(wanted(weights), map_location="cpu", weights_only=True)
    model = network()
    fit(model, state)
    return Vggish(model)
