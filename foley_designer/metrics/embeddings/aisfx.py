"""aiSFX, the sound-effect embedding of PyPI ``aisfx`` (weights CC BY 4.0): 512 numbers.

A. B. Ma & A. Lerch, Representation Learning for the Automatic Indexing of Sound Effects Libraries,
ISMIR 2022. The spectrogram is the package's own for librosa: peak at one, power in 96 mel bands of
unit sum, log10(1 + 10⁴·x), blocks of 100 frames, half overlapping. The package pins old libraries:
install it with ``--no-deps``.
"""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Heard, Wave, mono_at
from foley_designer.metrics.embeddings.mel import hann, mel_filters, patches, spectra

RATE = 44_100
BLOCK, HOP = 100, 50
_LARGEST = 9.457798957824707
"""Of the training data's spectrograms."""


class Aisfx:
    """The model.

    Args:
        model: torch module with ``get_embedding``: ``[blocks, 100, 96]`` to ``[blocks, 512]``.
    """

    name = "aisfx"

    def __init__(self, model: Any) -> None:
        self._model = model.eval()

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`."""
        import torch  # noqa: PLC0415

        frames = log_mel(mono_at(samples, sample_rate, RATE))
        blocks = patches(frames, BLOCK, HOP)
        with torch.no_grad():
            vectors = self._model.get_embedding(torch.tensor(blocks, dtype=torch.float32))
        return Heard(vectors.double().numpy(), None)


def log_mel(wave: Wave) -> Any:
    """Frames ``[k, 96]``, scaled as in training."""
    peak = float(np.abs(wave).max(initial=0.0))
    power = spectra(wave / max(peak, 1e-9), 2048, 1024, hann(2048), centred=True) ** 2
    mel = power @ mel_filters(RATE, 2048, 96, 0.0, 22_050.0, unit_sum=True).T
    return np.log10(1e4 * mel + 1.0) / _LARGEST


def load(weights: Path | None = None) -> Aisfx:
    """The model of the package, or of a checkpoint of the same form."""
    import torch  # noqa: PLC0415
    from aisfx.models import cnn2d  # noqa: PLC0415

    file = weights or Path(cnn2d.__file__).with_name("checkpoint.pth")
    with torch.serialization.safe_globals(_numbers()):
        state, data_sets = torch.load(file, map_location="cpu", weights_only=True)
    model = cnn2d.CrossNet(cnn2d.EmbeddingNet("max", 3, 1, 64), data_sets, "cpu")
    model.load_state_dict(state)
    return Aisfx(model)


def _numbers() -> list[Any]:
    """NumPy's plain numbers, which the checkpoint holds beside its tensors, by their older name."""
    kinds = [type(np.dtype(kind)) for kind in (np.int64, np.float64)]
    scalar = np.int64(0).__reduce__()[0]
    return [(scalar, "numpy.core.multiarray.scalar"), np.dtype, *kinds]
