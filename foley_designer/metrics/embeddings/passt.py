"""PaSST: 768 numbers for up to 10 s, 527 AudioSet classes.

K. Koutini et al., Efficient Training of Audio Transformers with Patchout, Interspeech 2022. Loads
the public ``passt-s-f128-p16-s10-ap.476-swa.pt`` by its own key names.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foley_designer.metrics.embeddings.embedder import Heard, Wave, mono_at, wanted
from foley_designer.metrics.embeddings.mel import hann, patches, spectra, triangles_in_mel

RATE = 32_000
SIZE, WINDOW, HOP, BANDS = 1024, 800, 320, 128
HIGHEST_HZ = 15_000.0
FRAMES = 998
"""Of 10 s, the most that its positions cover."""
CLASSES = 527
_PRE_EMPHASIS = 0.97


class Shape(NamedTuple):
    """Sizes of the transformer; the default is the public model's."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    patch: int = 16
    stride: int = 10
    rows: int = 12
    columns: int = 99


class Passt:
    """The model.

    Args:
        network: torch module as `network` makes it.
    """

    name = "passt"

    def __init__(self, network: Any) -> None:
        self._network = network.eval()

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`; a longer sound is heard 10 s at a time."""
        import torch  # noqa: PLC0415

        frames = log_mel(mono_at(samples, sample_rate, RATE))
        if len(frames) > FRAMES:
            frames = patches(frames, FRAMES, FRAMES).transpose(0, 2, 1)
        else:
            frames = frames.T[None]
        with torch.no_grad():
            vectors, logits = self._network(torch.tensor(frames, dtype=torch.float32)[:, None])
        return Heard(vectors.double().numpy(), logits.double().mean(dim=0).numpy())


def log_mel(wave: Wave) -> Any:
    """Frames ``[k, 128]``, scaled as in training."""
    emphasised = np.convolve(wave.astype(np.float64), [1.0, -_PRE_EMPHASIS], "valid")
    emphasised = np.pad(emphasised, (0, max(0, SIZE - len(emphasised))))
    power = spectra(emphasised, SIZE, HOP, hann(WINDOW, periodic=False), centred=True) ** 2
    mel = power @ triangles_in_mel(RATE, SIZE, BANDS, 0.0, HIGHEST_HZ).T
    return (np.log(mel + 1e-5) + 4.5) / 5.0


def network(shape: Shape = Shape(), classes: int = CLASSES) -> Any:  # noqa: B008 - a constant
    """The transformer with the key names of the public weights, randomly initialised."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    from foley_designer.metrics.embeddings.transformer import blocks  # noqa: PLC0415

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            width = shape.width
            self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
            self.dist_token = nn.Parameter(torch.zeros(1, 1, width))
            self.new_pos_embed = nn.Parameter(torch.zeros(1, 2, width))
            self.freq_new_pos_embed = nn.Parameter(torch.zeros(1, width, shape.rows, 1))
            self.time_new_pos_embed = nn.Parameter(torch.zeros(1, width, 1, shape.columns))
            self.patch_embed = nn.ModuleDict(
                {"proj": nn.Conv2d(1, width, shape.patch, shape.stride)}
            )
            self.blocks = blocks(width, shape.depth, shape.heads)
            self.norm = nn.LayerNorm(width, eps=1e-6)
            self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, classes))
            self.head_dist = nn.Linear(width, classes)  # in the weights; unused when it hears

        def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x = self.patch_embed["proj"](mel)
            x = x + self.time_new_pos_embed[..., : x.shape[-1]] + self.freq_new_pos_embed
            x = x.flatten(2).transpose(1, 2)
            tokens = torch.cat([self.cls_token, self.dist_token], dim=1) + self.new_pos_embed
            x = self.norm(self.blocks(torch.cat([tokens.expand(len(x), -1, -1), x], dim=1)))
            features = 0.5 * (x[:, 0] + x[:, 1])
            return features, self.head(features)

    return Network()


def load(weights: Path | None = None) -> Passt:
    """The public weights from a file."""
    import torch  # noqa: PLC0415

    from foley_designer.metrics.embeddings.weights import fit  # noqa: PLC0415

    state = torch.load(wanted(weights), map_location="cpu", weights_only=True)
    model = network()
    fit(model, state)
    return Passt(model)
