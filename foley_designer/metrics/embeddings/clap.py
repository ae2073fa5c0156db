"""CLAP: how well a sound fits its words. Models in the form of ``transformers``' ``ClapModel``.

Y. Wu et al., Large-Scale Contrastive Language-Audio Pretraining, ICASSP 2023. The checkpoint that
papers score by, ``music_speech_audioset_epoch_15_esc_89.98.pt``, is in its authors' own form and
must be converted first; ``laion/clap-htsat-unfused`` and its like load as they are. Nothing is
downloaded.
"""

from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.metrics.embeddings.embedder import Array, Heard, Wave, mono_at, wanted

RATE = 48_000


class Clap:
    """The model.

    Args:
        model: a ``ClapModel``.
        processor: its ``ClapProcessor``.
    """

    name = "clap"

    def __init__(self, model: Any, processor: Any) -> None:
        self._model = model.eval()
        self._processor = processor

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`; the vector has length 1."""
        import torch  # noqa: PLC0415

        wave = mono_at(samples, sample_rate, RATE)
        inputs = self._processor.feature_extractor(wave, sampling_rate=RATE, return_tensors="pt")
        with torch.no_grad():
            vector = _vector(self._model.get_audio_features(**inputs))
        return Heard(_unit(vector), None)

    def read(self, text: str) -> Array:
        """The text's embedding ``[d]``, length 1."""
        import torch  # noqa: PLC0415

        inputs = self._processor.tokenizer(text, return_tensors="pt", truncation=True)
        with torch.no_grad():
            vector = _vector(self._model.get_text_features(**inputs))
        result: Array = _unit(vector)[0]
        return result

    def score(self, samples: Wave, sample_rate: int, text: str) -> float:
        """Cosine of a sound ``[channels, n]`` and a text."""
        return float(self.hear(samples, sample_rate).vectors[0] @ self.read(text))


def _vector(told: Any) -> Array:
    """Features ``[1, d]``; newer releases of transformers wrap them in an output."""
    tensor = getattr(told, "pooler_output", told)
    return np.asarray(tensor.double().numpy())


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def load(weights: Path | None = None) -> Clap:
    """A model from a folder, or by its name from the local model cache.

    Raises:
        OSError: it is not there.
    """
    from transformers import ClapModel, ClapProcessor  # noqa: PLC0415

    name = str(weights) if weights is not None else str(wanted(weights))
    model = ClapModel.from_pretrained(name, local_files_only=True)
    return Clap(model, ClapProcessor.from_pretrained(name, local_files_only=True))
