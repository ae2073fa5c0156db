"""CLAP: texts and sounds in one space, where its weights lie on this machine.

Y. Wu et al., *Large-scale Contrastive Language-Audio Pretraining with Feature Fusion and
Keyword-to-Caption Augmentation* (ICASSP 2023), as `transformers.ClapModel` loads it. A folder of
weights (such as ``laion/clap-htsat-unfused``, downloaded by the user) is named by the setting
``clap_dir``; nothing is ever fetched.
"""

from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.engine import Samples
from foley_designer.generator.library.reader import read_stretch, resampled

HEARD_S = 10.0
"""How much of a recording the model hears, from its start."""

Vector = NDArray[np.float32]


class Clap:
    """A model that is read from its folder at the first question.

    Args:
        weights: a folder that `transformers` saved or that was downloaded whole.

    Raises:
        FoleyError: ``part_missing`` where the folder holds no such model.
    """

    def __init__(self, weights: Path) -> None:
        self._weights = weights.expanduser()
        if not (self._weights / "config.json").is_file():
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"{self._weights} holds no CLAP model.",
                "clap_dir must name a folder with config.json, weights and tokenizer.",
            )

    @cached_property
    def id(self) -> str:
        """Tells models apart: hash (hex) of the configuration and of the files' sizes."""
        told = sha256((self._weights / "config.json").read_bytes())
        for path in sorted(self._weights.glob("*.safetensors")) + sorted(
            self._weights.glob("*.bin")
        ):
            told.update(f"{path.name} {path.stat().st_size}".encode())
        return told.hexdigest()[:16]

    def of_text(self, text: str) -> Vector:
        """Unit vector of a description, ``[d]``."""
        import torch  # noqa: PLC0415 - heavy

        model, tokenizer, _ = self._parts
        tokens = tokenizer(text, return_tensors="pt", truncation=True)
        with torch.inference_mode():
            return _unit(model.get_text_features(**tokens))

    def of_file(self, path: Path) -> Vector:
        """Unit vector of the first `HEARD_S` of a recording, ``[d]``.

        Raises:
            FoleyError: ``sound_unreadable``.
        """
        samples, rate = read_stretch(path, 0.0, HEARD_S)
        return self.of_sound(samples if rate == SAMPLE_RATE else resampled(samples, rate))

    def of_sound(self, samples: Samples) -> Vector:
        """Unit vector of a sound, ``[d]``. Samples ``[channels, n]`` at 48 kHz."""
        import torch  # noqa: PLC0415 - heavy

        model, _, listener = self._parts
        mono = samples.mean(axis=0)[: round(HEARD_S * SAMPLE_RATE)]
        heard = listener(mono, sampling_rate=SAMPLE_RATE, return_tensors="pt")
        with torch.inference_mode():
            return _unit(model.get_audio_features(**heard))

    @cached_property
    def _parts(self) -> tuple[Any, Any, Any]:
        try:
            from transformers import (  # noqa: PLC0415 - heavy
                AutoTokenizer,
                ClapFeatureExtractor,
                ClapModel,
            )
        except ImportError as error:
            raise FoleyError(
                ErrorCode.PART_MISSING, "CLAP needs transformers and torch.", "pip install them."
            ) from error
        place = {"pretrained_model_name_or_path": self._weights, "local_files_only": True}
        try:
            return (
                ClapModel.from_pretrained(**place).eval(),
                AutoTokenizer.from_pretrained(**place),
                ClapFeatureExtractor.from_pretrained(**place),
            )
        except (OSError, ValueError) as error:
            raise FoleyError(
                ErrorCode.PART_MISSING, f"The CLAP model in {self._weights} can't be read: {error}."
            ) from error


def _unit(answer: Any) -> Vector:
    """The one row of a model's answer, of unit length."""
    row = getattr(answer, "pooler_output", answer)[0].float().numpy()
    vector: Vector = row / max(float(np.linalg.norm(row)), 1e-9)
    return vector
