"""Dense sound by octaves: what is too rich to be drawn mode by mode.

A blow on something large, an explosion outdoors or a crowd of shards is Gaussian noise whose
octaves fall each at their own rate; that is how a reverberant field is modelled (J.-M. Jot,
*An Analysis/Synthesis Approach to Real-time Artificial Reverberation*, ICASSP 1992) and how ears
tell textures (J. Traer and J. H. McDermott, PNAS 113(48), 2016). The curves of the instruments
are rounded medians of recordings: level of each octave at its loudest 10 ms, and the decay over
the 30 dB after it.
"""

from typing import NamedTuple

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import (
    LN_1000,
    Wave,
    bandpass,
    count_of,
    lowpass,
    noise,
    unit_rms,
)

OCTAVES_HZ = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0)


class Bands(NamedTuple):
    """How a sound lies in the octaves."""

    level_db: tuple[float, ...]
    """Of each octave when it sets in, dB re the loudest."""
    t60_s: tuple[float, ...]
    """How long each takes to fall 60 dB."""
    rise_s: float = 0.0006
    """How long the energy takes to spread."""

    def tilted(self, db_per_octave: float) -> "Bands":
        """The same, brighter (or duller) around 500 Hz."""
        tilt = db_per_octave * np.log2(np.array(OCTAVES_HZ) / 500.0)
        return self._replace(level_db=tuple((np.array(self.level_db) + tilt).tolist()))

    def lasting(self, factor: float) -> "Bands":
        """The same, dying away so many times as slowly."""
        return self._replace(t60_s=tuple(factor * t60 for t60 in self.t60_s))


def dense(rng: np.random.Generator, energy: Wave, bands: Bands) -> Wave:
    """Noise that follows an energy that is put in over time.

    Args:
        rng: source of chance.
        energy: power put in, one value a sample, ``[n]``; an impulse for a blow.
        bands: how it lies in the octaves and dies away.

    Returns:
        ``[n]``; the loudest octave has about the power of the energy that is stored.
    """
    spread = energy
    if bands.rise_s > 0:
        pole = float(np.exp(-1.0 / (bands.rise_s * SAMPLE_RATE)))
        spread = scipy.signal.lfilter([1.0 - pole], [1.0, -pole], energy)
    out = np.zeros(energy.size)
    for hz, level_db, t60_s in zip(OCTAVES_HZ, bands.level_db, bands.t60_s, strict=True):
        pole = float(np.exp(-2.0 * LN_1000 / (t60_s * SAMPLE_RATE)))
        stored = np.sqrt(np.maximum(scipy.signal.lfilter([1.0], [1.0, -pole], spread), 0.0))
        octave = unit_rms(bandpass(noise(rng, energy.size), hz / 1.33, min(hz * 1.33, 21_000.0)))
        out += 10.0 ** (level_db / 20.0) * octave * stored
    return out


def blow(rng: np.random.Generator, bands: Bands, longest_s: float = 6.0) -> Wave:
    """One blow, until its slowest octave that matters is 60 dB down."""
    slowest = max(t60 * (60.0 + level) / 60.0 for level, t60 in zip(*bands[:2], strict=True))
    energy = np.zeros(count_of(min(slowest + 0.02, longest_s)))
    energy[0] = 1.0
    return dense(rng, energy, bands)


def blows(rng: np.random.Generator, count: int, times_s: Wave, levels: Wave, bands: Bands) -> Wave:
    """Many blows that share a field: echoes, shards, the parts of a thing that gives way."""
    energy = np.zeros(count)
    places = (times_s * SAMPLE_RATE).astype(np.int64)
    inside = places < count
    np.add.at(energy, places[inside], levels[inside] ** 2)
    return dense(rng, energy, bands)


def swelling(rng: np.random.Generator, level: Wave, bands: Bands, smooth_hz: float = 40.0) -> Wave:
    """Noise in these octaves under an envelope: a stretch rather than a blow."""
    return dense(rng, np.square(np.maximum(lowpass(level, smooth_hz, 1), 0.0)) / SAMPLE_RATE, bands)
