"""The CLAP model that verifies: the library's, loaded once a worker, where its weights are."""

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.generator.library.clap import Clap as LibraryClap

Clap = Callable[[NDArray[np.float32], str], float]
"""Cosine of a sound ``[channels, n]`` at 48 kHz and a text."""


class Weights(NamedTuple):
    """A model on disk."""

    folder: str = ""
    """Empty if what stands in for CLAP verifies."""
    id: str = ""
    """Tells models apart, wherever they lie."""


def find_weights(config: DatasetConfig) -> Weights:
    """The model that a configuration, or the setting ``clap_dir``, names.

    Raises:
        FoleyError: ``part_missing`` if CLAP is insisted on and is not there, or if a folder
            that is named holds no model.
    """
    if config.verify == "traits":
        return Weights()
    folder = config.clap_dir or Settings().clap_dir
    installed = find_spec("torch") is not None and find_spec("transformers") is not None
    if folder is not None and installed:
        return Weights(str(folder), LibraryClap(folder).id)
    if config.verify == "clap":
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "There is no CLAP model." if installed else "torch and transformers are not installed.",
            "Name its folder as clap_dir, or set `verify: traits`.",
        )
    return Weights()


@lru_cache(maxsize=1)
def scorer(folder: str) -> Clap | None:
    """Cosine of a sound at 48 kHz and a text by the model of a folder; None for no folder."""
    if not folder:
        return None
    model = LibraryClap(Path(folder))

    def score(samples: NDArray[np.float32], text: str) -> float:
        return float(model.of_sound(samples) @ model.of_text(text))

    return score
