"""ImageBind hears and sees: 1024 numbers for each of three stretches of 2 s, and for each picture.

R. Girdhar et al., ImageBind: One Embedding Space To Bind Them All, CVPR 2023. Loads the audio and
vision keys of the public ``imagebind_huge.pth`` and leaves the rest unread; the vision tower is in
`imagebind_vision`.
"""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Array, Heard, Wave, mono_at, wanted
from foley_designer.metrics.embeddings.imagebind_block import PARTS, Shape, block
from foley_designer.metrics.embeddings.mel import hann, triangles_in_mel

RATE = 16_000
BANDS, FRAMES = 128, 204
STRETCHES, STRETCH_S = 3, 2.0
WINDOW, HOP, SIZE = 400, 160, 512
_PRE_EMPHASIS = 0.97
_LEAST = 1.1920929e-07
_MEAN, _DEVIATION = -4.268, 9.138
"""Of the training data."""


class ImageBind:
    """The model.

    Args:
        network: torch module as `network` makes it.
        vision: torch module as `imagebind_vision.network` makes it; None leaves it blind.
    """

    name = "imagebind"

    def __init__(self, network: Any, vision: Any = None) -> None:
        self._network = network.eval()
        self.vision: Any = None if vision is None else vision.eval()

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`; each vector has length 1."""
        import torch  # noqa: PLC0415

        wave = mono_at(samples, sample_rate, RATE).astype(np.float64)
        length = round(STRETCH_S * RATE)
        starts = np.linspace(0, max(0, len(wave) - length), STRETCHES).astype(int)
        mels = np.stack([_image(wave[start : start + length]) for start in starts])
        with torch.no_grad():
            vectors = self._network(torch.tensor(mels, dtype=torch.float32)[:, None])
        return Heard(vectors.double().numpy(), None)

    def see(self, frames: Array) -> Array:
        """Vectors of frames, each of length 1, ``[n, 1024]``.

        Args:
            frames: as `imagebind_vision.read_frames` gives them, ``[n, 3, 224, 224]``.
        """
        import torch  # noqa: PLC0415

        with torch.no_grad():
            each = [self.vision(one[None]) for one in torch.tensor(frames, dtype=torch.float32)]
        told: Array = torch.cat(each).double().numpy()
        return told


def score(sound: Array, frames: Array) -> float:
    """Cosine of a sound's mean vector and its frames', as av-benchmark takes it, −1 to 1."""
    first, second = sound.mean(axis=0), frames.mean(axis=0)
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


def _image(wave: Array) -> Array:
    """One stretch as the tower sees it, ``[128, 204]``."""
    levels = fbank(wave - wave.mean())[:FRAMES]
    levels = np.pad(levels, ((0, FRAMES - len(levels)), (0, 0)))
    return (levels.T - _MEAN) / _DEVIATION


def fbank(wave: Array) -> Array:
    """Kaldi's log mel energies ``[frames, 128]``, without dither."""
    padded = np.pad(wave, (0, max(0, WINDOW - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    emphasised = (frames - _PRE_EMPHASIS * before) * hann(WINDOW, periodic=False)
    power = np.abs(np.fft.rfft(emphasised, SIZE, axis=1)) ** 2
    mel = power @ triangles_in_mel(RATE, SIZE, BANDS, 20.0, RATE / 2).T
    return np.asarray(np.log(np.maximum(mel, _LEAST)))


def network(shape: Shape = Shape()) -> Any:  # noqa: B008 - a constant
    """The audio tower with the key names of the public weights, randomly initialised."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415
    from torch.nn import functional as f  # noqa: PLC0415

    class Tower(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            blocks = nn.Sequential(*(block(shape, True) for _ in range(shape.depth)))
            head = nn.Sequential(
                nn.LayerNorm(shape.width, eps=1e-6),
                nn.Identity(),
                nn.Linear(shape.width, shape.embedded, bias=False),
            )
            self.modality_preprocessors = nn.ModuleDict({"audio": _stem(shape)})
            self.modality_trunks = nn.ModuleDict({"audio": nn.ModuleDict({"blocks": blocks})})
            self._blocks = [blocks]  # in a list, so that it is not a part for a second time
            self.modality_heads = nn.ModuleDict({"audio": head})

        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            x = self.modality_preprocessors["audio"](mel).transpose(0, 1)
            x = self._blocks[0](x)[0]
            told: torch.Tensor = f.normalize(self.modality_heads["audio"](x), dim=-1)
            return told

    return Tower()


def _stem(shape: Shape) -> Any:
    """Mel images ``[batch, 1, BANDS, FRAMES]`` to tokens ``[batch, patches + 1, width]``."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    width = shape.width
    patches = ((BANDS - 16) // 10 + 1) * ((FRAMES - 16) // 10 + 1)

    class Stem(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
            self.rgbt_stem = nn.ModuleDict(
                {
                    "proj": nn.Conv2d(1, width, 16, 10, bias=False),
                    "norm_layer": nn.LayerNorm(width),
                }
            )
            self.pos_embedding_helper = nn.ParameterDict(
                {"pos_embed": nn.Parameter(torch.zeros(1, patches + 1, width))}
            )

        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            x = self.rgbt_stem["proj"](mel).flatten(2).transpose(1, 2)
            x = self.rgbt_stem["norm_layer"](x)
            tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1)
            told: torch.Tensor = tokens + self.pos_embedding_helper["pos_embed"]
            return told

    return Stem()


def load(weights: Path | None = None) -> ImageBind:
    """Both towers of the public weights' file; blind if the file has no vision tower."""
    import torch  # noqa: PLC0415

    from foley_designer.metrics.embeddings import imagebind_vision  # noqa: PLC0415

    state = torch.load(wanted(weights), map_location="cpu", weights_only=True, mmap=True)
    hearing, seeing = network(), None
    _fit(hearing, state, "audio")
    if any(name.startswith(f"{PARTS[1]}.vision.") for name in state):
        with torch.device("meta"):
            seeing = imagebind_vision.network()
        _fit(seeing, state, "vision")
    return ImageBind(hearing, seeing)


def _fit(model: Any, state: dict[str, Any], name: str) -> None:
    from foley_designer.metrics.embeddings.weights import fit  # noqa: PLC0415

    keys = tuple(f"{part}.{name}." for part in PARTS)
    fit(model, {key: one for key, one in state.items() if key.startswith(keys)})
