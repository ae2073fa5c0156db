"""Decibels and factors."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Samples = NDArray[np.float32]
"""Audio, float32 ``[channels, samples]`` at 48 kHz, full scale ±1."""

SILENCE_DB = -150.0
"""What digital silence reads, in place of minus infinity."""


def db_to_gain(db: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (db / 20.0))


def gain_to_db(gain: float) -> float:
    """Level in dB of an amplitude factor ≥ 0, not below `SILENCE_DB`."""
    return float(amplitude_db(gain))


def amplitude_db(amplitude: ArrayLike) -> NDArray[np.float64]:
    """Levels in dB of amplitudes ≥ 0, not below `SILENCE_DB`."""
    floor = 10.0 ** (SILENCE_DB / 20.0)
    return np.asarray(20.0 * np.log10(np.maximum(np.asarray(amplitude, np.float64), floor)))


def power_db(power: ArrayLike) -> NDArray[np.float64]:
    """Levels in dB of powers ≥ 0, not below `SILENCE_DB`."""
    floor = 10.0 ** (SILENCE_DB / 10.0)
    return np.asarray(10.0 * np.log10(np.maximum(np.asarray(power, np.float64), floor)))
