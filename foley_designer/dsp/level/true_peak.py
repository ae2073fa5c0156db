"""True peak by fourfold oversampling (ITU-R BS.1770-5, annex 2)."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import SILENCE_DB, Samples, gain_to_db

OVERSAMPLING = 4
_REACH = 8
"""Samples that the interpolator sees on either side."""
_KERNEL = np.asarray(
    OVERSAMPLING
    * signal.firwin(2 * _REACH * OVERSAMPLING + 1, 1 / OVERSAMPLING, window=("kaiser", 5.0)),
    np.float32,
)
_WORST_CASE = float(max(np.abs(_KERNEL[k::OVERSAMPLING]).sum() for k in range(OVERSAMPLING)))
"""No sample of the interpolation exceeds the loudest input sample in reach by more than this."""
_CHUNK = 2048


def _interpolated_peaks(padded: NDArray[np.floating]) -> NDArray[np.float32]:
    """Peaks ``[m]`` over channels and the four phases at each sample.

    Args:
        padded: ``[channels, m + 2 * _REACH]``, with what lies around the ``m`` samples.
    """
    fine = signal.upfirdn(_KERNEL, padded.astype(np.float32, copy=False), up=OVERSAMPLING)
    first = 2 * _REACH * OVERSAMPLING
    count = (padded.shape[1] - 2 * _REACH) * OVERSAMPLING
    peaks = np.abs(fine[:, first : first + count]).max(axis=0)
    return np.asarray(peaks.reshape(-1, OVERSAMPLING).max(axis=1))


def peak_envelope(samples: Samples, floor: float = 0.0) -> NDArray[np.float32]:
    """Interpolated peak over all channels from each sample to the next.

    Args:
        samples: ``[channels, n]``.
        floor: where the envelope can't reach this amplitude it may read lower than it is; saves
            most of the work on sounds with silence or large crest.

    Returns:
        ``[n]``, linear amplitude.
    """
    count = samples.shape[1]
    envelope = np.empty(count, np.float32)
    for part in blocks(count, _CHUNK):
        before, after = min(part.start, _REACH), min(count - part.stop, _REACH)
        reach = samples[:, part.start - before : part.stop + after]
        if np.abs(reach).max() * _WORST_CASE <= floor:
            envelope[part] = np.abs(samples[:, part]).max(axis=0)
            continue
        padded = np.pad(reach, ((0, 0), (_REACH - before, _REACH - after)))
        envelope[part] = _interpolated_peaks(padded)
    return envelope


class TruePeakMeter:
    """True peak of a signal that comes in blocks."""

    def __init__(self, channels: int) -> None:
        self._tail = np.zeros((channels, 2 * _REACH), np.float32)
        self._peak = 0.0

    def push(self, block: Samples) -> None:
        """Take the next ``[channels, m]`` samples."""
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
        padded = np.concatenate([self._tail, block], axis=1)
        self._tail = padded[:, -2 * _REACH :]
        parts = [
            padded[:, part.start : part.stop + 2 * _REACH]
            for part in blocks(block.shape[1], _CHUNK)
        ]
        highest = [float(np.abs(part).max()) for part in parts]
        for index in sorted(range(len(parts)), key=highest.__getitem__, reverse=True):
            if highest[index] * _WORST_CASE <= self._peak:
                break
            self._peak = max(self._peak, float(_interpolated_peaks(parts[index]).max()))

    def peak_db(self) -> float | None:
        """True peak in dBTP, None for digital silence; call once, at the signal's end."""
        self.push(np.zeros((len(self._tail), 2 * _REACH), np.float32))
        return gain_to_db(self._peak) if self._peak > 0 else None


def true_peak_db(samples: Samples) -> float:
    """True peak of ``[channels, n]`` over all channels, dBTP; `SILENCE_DB` for digital silence."""
    meter = TruePeakMeter(len(samples))
    for part in blocks(samples.shape[1], BLOCK):
        meter.push(samples[:, part])
    peak = meter.peak_db()
    return SILENCE_DB if peak is None else peak
