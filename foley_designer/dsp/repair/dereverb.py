"""Dereverberation: the late reverberation that a take brought along, shortened to a wanted time.

Late reverberation is predicted from what was there a moment before, decayed at the measured time
(K. Lebart, J. M. Boucher & P. N. Denbigh, "A new method based on spectral subtraction for speech
dereverberation", Acta Acustica 87, 2001, after J.-D. Polack's model). What exceeds the prediction
is new sound; behind it, level may fall at the wanted rate and no slower. Only gains change, so
onsets, phase and place stay.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Dereverb
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.level.gains import Samples

_FRAME, _HOP = 1024, 256
_STEP_S = _HOP / SAMPLE_RATE
_FRAMES_AT_ONCE = 256
_LAG = round(0.03 / _STEP_S)
"""Frames from a sound to what counts as its late reverberation: direct sound and early echoes."""
_CAUTION = 1.3
"""A tail is noise: only what exceeds its mean by this is taken for new sound."""
_SMOOTHING_S = 0.02
_BAND_SHARE = 0.12
"""Half a band's width re its centre: about a third of an octave in all."""
Power = NDArray[np.float64]


def dereverb(samples: Samples, plan: Dereverb) -> Samples:
    """``samples`` ``[2, n]`` with all decays at the plan's time; one gain for both channels."""
    count = samples.shape[1]
    window = np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME).astype(np.float32)
    shorter = _Shorter(plan)
    result = np.zeros_like(samples)
    lead = _FRAME - _HOP  # frames before the first sample, so that all are covered alike
    for frames in blocks(-(-(count + lead) // _HOP), _FRAMES_AT_ONCE):
        start = frames.start * _HOP - lead
        stop = (frames.stop - 1) * _HOP - lead + _FRAME
        first, last = max(start, 0), min(stop, count)
        padded = np.pad(samples[:, first:last], ((0, 0), (first - start, stop - last)))
        views = np.lib.stride_tricks.sliding_window_view(padded, _FRAME, axis=1)[:, ::_HOP]
        spectrum = rfft(views * window)
        power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0, dtype=np.float64)
        waves = irfft(spectrum * np.sqrt(shorter(power)).astype(np.float32), _FRAME) * window
        wave = np.zeros((len(samples), stop - start), np.float32)
        for index in range(waves.shape[1]):
            wave[:, index * _HOP : index * _HOP + _FRAME] += waves[:, index]
        # Squared sines a quarter of their length apart sum to two.
        result[:, first:last] += np.float32(0.5) * wave[:, first - start : last - start]
    return result


class _Shorter:
    """Power gains frame by frame, with state from one call to the next."""

    def __init__(self, plan: Dereverb) -> None:
        bins = np.arange(_FRAME // 2 + 1)
        half = np.maximum(2, (bins * _BAND_SHARE).astype(int))
        self._low = np.maximum(bins - half, 0)
        self._high = np.minimum(bins + half + 1, len(bins))
        self._predicted = _CAUTION * 10.0 ** (-6.0 * _LAG * _STEP_S / plan.rt60_s)
        self._wanted = 10.0 ** (-6.0 * _STEP_S / plan.target_s)
        self._least = 10.0 ** (-plan.depth_db / 10.0)
        self._pole = float(np.exp(-_STEP_S / _SMOOTHING_S))
        self._levels = np.zeros((_LAG, len(bins)))
        """The last levels, oldest first."""
        self._allowed = np.zeros(len(bins))

    def __call__(self, power: Power) -> Power:
        """Gains ``[frames, bins]``, 0..1, for the next frames' powers of the same shape."""
        sums = np.zeros((len(power), power.shape[1] + 1))
        np.cumsum(power, axis=1, out=sums[:, 1:])
        bands = (sums[:, self._high] - sums[:, self._low]) / (self._high - self._low)
        levels = np.concatenate([self._levels, np.empty_like(bands)])
        allowed, gains = self._allowed, np.empty_like(bands)
        for k, band in enumerate(bands):
            before = levels[k + _LAG - 1]
            level = np.maximum(band, self._pole * before + (1.0 - self._pole) * band)
            levels[k + _LAG] = level
            allowed = np.maximum(level - self._predicted * levels[k], allowed * self._wanted)
            gains[k] = allowed / np.maximum(level, 1e-20)
        self._levels, self._allowed = levels[len(levels) - _LAG :], allowed
        return np.asarray(np.clip(gains, self._least, 1.0))
