"""Spectral denoising: what sounds in a recording's pauses is turned down everywhere.

A gain between 0 dB and the floor for each time and frequency, by spectral subtraction in power
(S. F. Boll, IEEE Transactions on Acoustics, Speech, and Signal Processing 27(2), 1979), smoothed
over neighbours so that no musical noise is left. A recording without pauses is left alone: its
quietest moments are the sound itself, as in rain.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import uniform_filter

from foley_designer.dsp.level.gains import Samples, db_to_gain, power_db

_FRAME, _HOP = 1024, 256
_PAUSES = 0.1
"""Share of a recording that is taken for its pauses."""
_LEAST_RANGE_DB = 15.0
"""Between pauses and loudest moments; with less there are no pauses."""
_OVER = 6.0
"""Noise is taken for so many times as strong as its mean, since it fluctuates."""
_SILENCE = 1e-12


def denoise(samples: Samples, floor_db: float = -40.0) -> Samples:
    """Turn the noise of pauses down to ``floor_db``, the rest of the sound as little as can be.

    Args:
        samples: ``[channels, n]``.
        floor_db: least gain, ≤ 0.

    Returns:
        ``[channels, n]``; the input itself if it has no pauses.
    """
    count = samples.shape[1]
    if floor_db == 0 or count < 4 * _FRAME:
        return samples
    _, _, spectrum = signal.stft(samples, nperseg=_FRAME, noverlap=_FRAME - _HOP)
    power = np.abs(spectrum) ** 2
    level = power.sum(axis=(0, 1))
    heard = level > _SILENCE  # digital silence says nothing of the noise
    if np.count_nonzero(heard) < 8:
        return samples
    order = np.sort(level[heard])
    quiet = order[max(0, int(_PAUSES * len(order)) - 1)]
    if power_db(order[-max(1, len(order) // 50)]) - power_db(quiet) < _LEAST_RANGE_DB:
        return samples
    noise = power[:, :, heard & (level <= quiet)].mean(axis=2, keepdims=True)
    gain = _gain(power, noise, float(db_to_gain(floor_db)))
    _, clean = signal.istft(spectrum * gain, nperseg=_FRAME, noverlap=_FRAME - _HOP)
    result: Samples = clean[:, :count].astype(np.float32)
    return result


def _gain(
    power: NDArray[np.float64], noise: NDArray[np.float64], floor: float
) -> NDArray[np.float64]:
    """Gain ``[channels, bins, frames]`` from the floor to 1."""
    smooth = uniform_filter(power, size=(1, 3, 3))
    kept = np.clip(1.0 - _OVER * noise / np.maximum(smooth, 1e-30), 0.0, 1.0)
    result: NDArray[np.float64] = np.maximum(np.sqrt(kept), floor)
    return result
