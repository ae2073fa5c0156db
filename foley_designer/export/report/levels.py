"""Levels over time of a delivered file, read in blocks."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.export.audio.wav import read_blocks, wav_info

FLOOR_DB = -75.0


class Levels(NamedTuple):
    """Levels of one channel."""

    rms_db: tuple[float, ...]
    """dBFS of each slot, never below `FLOOR_DB`."""
    peak_db: float
    """Highest sample, dBFS."""


def levels(path: Path, slots: int) -> tuple[Levels, ...]:
    """Levels of each channel in ``slots`` equal stretches of a file.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    info = wav_info(path)
    slots = max(1, min(slots, info.samples))
    size = -(-max(info.samples, 1) // slots)
    powers: list[NDArray[np.float64]] = []
    peaks = np.zeros(info.channels)
    for block in read_blocks(path, size):
        powers.append(np.mean(np.square(block, dtype=np.float64), axis=1))
        peaks = np.maximum(peaks, np.abs(block).max(axis=1))
    rms = _db(np.sqrt(np.array(powers or [np.zeros(info.channels)])))
    return tuple(
        Levels(tuple(float(x) for x in rms[:, channel]), float(peak))
        for channel, peak in enumerate(_db(peaks))
    )


def _db(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(20 * np.log10(np.maximum(values, 1e-9)), FLOOR_DB))
