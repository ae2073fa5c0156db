"""Richness and clarity of a mix by measures: what stands in where no model hears.

They read the mix alone, on the auditory bands of `dsp.level.masking`. That listeners or models
agree with them has not been shown; the parts are printed so that each can be judged by itself.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.dsp.level.masking import band_centres_hz, excitation
from foley_designer.evaluate.sounds import Samples

Array = NDArray[np.float64]

RANGE_DB = 50.0
"""Under the loudest band and moment, fainter is lost: a theatre plays a mix at 83 dB (SMPTE RP 200)
over noise of about 33 dB (NC 30, SMPTE RP 141)."""
HEADROOM_DB = 15.0
"""How far the peaks of what varies lie over its level: from so far under the bed on it begins to be
heard, and that far over it all of it is (band audibility, ANSI S3.5-1997, 4.7)."""
LAYER_DB = 6.8
"""Deviation of a band from which a pattern of level counts as a layer: twice that of steady noise
in both channels, 3.4 dB in the lowest band of this analysis."""
MOST_LAYERS = 3.2
CONTRAST_DB = 49.0
"""Layers, and level from quiet to loud moments, for full marks: what one real recording in twenty
reaches (`python -m benchmarks.seeing.fit_proxies`, 48 clips)."""
QUIET, LOUD = 10.0, 95.0
"""Percentiles of level that stand for quiet and loud moments (EBU Tech 3342, loudness range)."""
DIALOGUE_HZ = (1000.0, 4000.0)
"""Where consonants are: the band of most weight for speech (ANSI S3.5)."""


class Proxies(NamedTuple):
    """Parts in their units, and both scores from 0 to 10."""

    bands: float
    """Share of the auditory bands that sound, 0 to 1."""
    layers: float
    """Patterns of level that go their own ways."""
    contrast_db: float
    """Level from quiet to loud moments."""
    clear: float
    """Audibility of what sounds over each band's bed, weighed by energy, 0 to 1."""
    room: float
    """Share of the energy outside the band of dialogue, 0 to 1."""

    @property
    def richness(self) -> float:
        """The mean of band coverage, layers and contrast, each up to its full marks."""
        layers = min(self.layers / MOST_LAYERS, 1.0)
        return 10.0 * (self.bands + layers + min(self.contrast_db / CONTRAST_DB, 1.0)) / 3.0

    @property
    def clarity(self) -> float:
        """The mean of clear foreground, room for dialogue and contrast."""
        return 10.0 * (self.clear + self.room + min(self.contrast_db / CONTRAST_DB, 1.0)) / 3.0


def proxies(samples: Samples) -> Proxies:
    """Read a mix.

    Args:
        samples: ``[2, n]`` at 48 kHz.
    """
    power = excitation(samples).astype(np.float64)
    top = float(power.max(initial=0.0))
    if top <= 1e-9:
        return Proxies(0.0, 0.0, 0.0, 0.0, 0.0)
    floor = top * 10.0 ** (-RANGE_DB / 10.0)
    levels = 10.0 * np.log10(np.maximum(power, floor))
    total = 10.0 * np.log10(np.maximum(power.sum(axis=0), floor))
    quiet, loud = np.percentile(total, [QUIET, LOUD])
    clear, room = _foreground(power), _room(power)
    bands = float(np.mean(np.percentile(power, LOUD, axis=1) > floor))
    return Proxies(bands, _layers(levels), float(loud - quiet), clear, room)


def _layers(levels: Array) -> float:
    """Eigenvalues of the bands' covariance that are worth one band of `LAYER_DB`, weighed evenly.

    Each pattern counts by how far its deviation reaches `LAYER_DB` in a quarter of the bands.
    """
    values = np.linalg.eigvalsh(np.cov(levels))
    whole = LAYER_DB**2 * len(levels) / 4.0
    return float(np.sum(np.clip(values / whole, 0.0, 1.0)))


def _foreground(power: Array) -> float:
    """Band audibility over each band's median, weighed by energy."""
    bed = np.median(power, axis=1, keepdims=True) + 1e-12
    over_db = 10.0 * np.log10(np.maximum(power, 1e-12) / bed)
    audible = np.clip((over_db + HEADROOM_DB) / (2.0 * HEADROOM_DB), 0.0, 1.0)
    return float((power * audible).sum() / power.sum())


def _room(power: Array) -> float:
    centres = band_centres_hz()
    inside = (centres >= DIALOGUE_HZ[0]) & (centres <= DIALOGUE_HZ[1])
    return 1.0 - float(power[inside].sum() / power.sum())
