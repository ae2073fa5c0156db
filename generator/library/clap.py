"""CLAP for the library: texts and recordings in one space, where its weights lie here.

Y. Wu et al., *Large-scale Contrastive Language-Audio Pretraining with Feature Fusion and
Keyword-to-Caption Augmentation* (ICASSP 2023), as `transformers.ClapModel` loads it. A folder of
weights (such as ``laion/clap-htsat-unfused``, downloaded by the user) is named by the setting
``clap_dir``; nothing is ever fetched.
"""

from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.generator.engine import Samples
from foley_designer.generator.library.reader import read_stretch, resampled

if TYPE_CHECKING:
    from foley_designer.metrics.embeddings.clap import Clap as Model

HEARD_S = 10.0
"""How much of a recording the model hears, from its start."""

Vector = NDArray[np.float32]


class Clap:
    """A model that is read from its folder at the first question.

    Args:
        weights: a folder that `transformers` saved or that was downloaded whole.

    Raises:
        FoleyError: ``part_missing`` if the folder holds no such model.
    """

    def __init__(self, weights: Path) -> None:
        self._weights = expanded(weights)
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
        return self._model.read(text).astype(np.float32)

    def of_file(self, path: Path) -> Vector:
        """Unit vector of the first `HEARD_S` of a recording, ``[d]``.

        Raises:
            FoleyError: ``sound_unreadable``.
        """
        samples, rate = read_stretch(path, 0.0, HEARD_S)
        return self.of_sound(samples if rate == SAMPLE_RATE else resampled(samples, rate))

    def of_sound(self, samples: Samples) -> Vector:
        """Unit vector of a sound, ``[d]``. Samples ``[channels, n]`` at 48 kHz."""
        heard = samples[:, : round(HEARD_S * SAMPLE_RATE)]
        vector: Vector = self._model.hear(heard, SAMPLE_RATE).vectors[0].astype(np.float32)
        return vector

    @cached_property
    def _model(self) -> "Model":
        from foley_designer.metrics.embeddings.clap import load  # noqa: PLC0415 - loads SciPy

        try:
            return load(self._weights)
        except ImportError as error:
            raise FoleyError(
                ErrorCode.PART_MISSING, "CLAP needs transformers and torch.", "pip install them."
            ) from error
        except (OSError, ValueError) as error:
            raise FoleyError(
                ErrorCode.PART_MISSING, f"The CLAP model in {self._weights} can't be read: {error}."
            ) from error
