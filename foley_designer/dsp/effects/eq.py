"""Equalisation: the specialist's bands in series."""

from collections.abc import Sequence

import numpy as np

from foley_designer.core.mix.processing import EqBand
from foley_designer.dsp.effects.filters import filtered, section
from foley_designer.dsp.level.gains import Samples


def equalise(samples: Samples, bands: Sequence[EqBand]) -> Samples:
    """``samples`` ``[channels, n]`` through all bands; minimum phase, so onsets stay."""
    if not bands:
        return samples
    return filtered(samples, np.stack([section(band) for band in bands]))
