"""Primary-ambient decomposition of a stereo mix, frame by frame on a fixed grid.

Each band's 2×2 covariance has one large eigenvalue, a source somewhere between the loudspeakers,
and a small one, what is not common to both channels (M. Goodwin & J.-M. Jot, "Primary-ambient
signal decomposition and vector-based localization", ICASSP 2007). The small one gives the masks of
the ambience (C. Avendano & J.-M. Jot, JAES 52(7/8), 2004); the common part of what is left, where
it is nearly equal in both channels, is the centre. The separation is modest: masks move what is
mostly ambient, they do not isolate it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.fft import irfft, rfft

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.level.gains import Samples

FRAME, HOP = 2048, 1024
_FRAMES_AT_ONCE = 128
_SMOOTHING_S = 0.05
_CENTRE_FROM, _CENTRE_FULL = 0.5, 0.8
"""Weaker to stronger channel where the centre takes nothing, and where it takes all: 6 and 2 dB."""

Power = NDArray[np.float64]


def decompose(stereo: Samples, centre: Samples, ambience: Samples) -> None:
    """Add a stereo signal's centre and ambience to given arrays.

    Args:
        stereo: ``[2, n]``.
        centre: ``[n]``; the signal of a centre loudspeaker that stands for equal parts in left
            and right, at √2 of either.
        ambience: ``[2, n]``.
    """
    count = stereo.shape[1]
    window = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME).astype(np.float32)
    smoother = _Smoother()
    frame_count = -(-count // HOP) + 1
    for frames in blocks(frame_count, _FRAMES_AT_ONCE):
        # Frame k starts HOP samples before sample k * HOP, so that two frames cover each sample.
        start, stop = (frames.start - 1) * HOP, (frames.stop - 1) * HOP + HOP
        padded = _cut(stereo, start, stop)
        views = np.lib.stride_tricks.sliding_window_view(padded, FRAME, axis=1)[:, ::HOP]
        left, right = rfft(views * window)
        parts = irfft(np.stack(_masked(left, right, smoother)), FRAME) * window
        wave = np.zeros((3, stop - start), np.float32)
        for index in range(parts.shape[1]):
            wave[:, index * HOP : index * HOP + FRAME] += parts[:, index]
        first, last = max(start, 0), min(stop, count)
        centre[first:last] += wave[0, first - start : last - start]
        ambience[:, first:last] += wave[1:, first - start : last - start]


def _cut(stereo: Samples, start: int, stop: int) -> Samples:
    """Samples ``[2, stop - start]``, zero outside the signal."""
    count = stereo.shape[1]
    inner = stereo[:, max(start, 0) : min(stop, count)]
    return np.pad(inner, ((0, 0), (max(-start, 0), max(stop - count, 0))))


class _Smoother:
    """Means over half an auditory bandwidth and 50 ms, with state from one call to the next."""

    def __init__(self) -> None:
        bins = FRAME // 2 + 1
        spacing = SAMPLE_RATE / FRAME
        bandwidth = 24.7 * (4.37e-3 * np.arange(bins) * spacing + 1.0)
        half = np.maximum(1, np.rint(bandwidth / spacing / 4).astype(int))
        self._low = np.maximum(np.arange(bins) - half, 0)
        self._high = np.minimum(np.arange(bins) + half + 1, bins)
        self._pole = float(np.exp(-HOP / SAMPLE_RATE / _SMOOTHING_S))
        self._state = np.zeros((4, 1, bins))

    def __call__(self, values: Power) -> Power:
        """Smooth ``[4, frames, bins]``."""
        sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
        np.cumsum(values, axis=-1, out=sums[..., 1:])
        bands = (sums[..., self._high] - sums[..., self._low]) / (self._high - self._low)
        smooth, self._state = signal.lfilter(
            [1.0 - self._pole], [1.0, -self._pole], bands, axis=1, zi=self._state
        )
        return np.asarray(smooth)


def _masked(
    left: NDArray[np.complex64], right: NDArray[np.complex64], smoother: _Smoother
) -> tuple[NDArray[np.complex64], ...]:
    """Spectra ``[frames, bins]`` of centre, left ambience and right ambience."""
    cross = left * right.conj()
    power_left, power_right, real, imaginary = smoother(
        np.stack([np.abs(left) ** 2, np.abs(right) ** 2, cross.real, cross.imag]).astype(np.float64)
    )
    common = real**2 + imaginary**2
    root = np.sqrt((power_left - power_right) ** 2 + 4.0 * common)
    ambient = np.clip(0.5 * (power_left + power_right - root), 0.0, None)
    share_left = np.minimum(ambient / np.maximum(power_left, 1e-20), 1.0)
    share_right = np.minimum(ambient / np.maximum(power_right, 1e-20), 1.0)
    ambient_left = left * np.sqrt(share_left).astype(np.float32)
    ambient_right = right * np.sqrt(share_right).astype(np.float32)
    source_left = np.sqrt(power_left * (1.0 - share_left))
    source_right = np.sqrt(power_right * (1.0 - share_right))
    weaker, stronger = np.minimum(source_left, source_right), np.maximum(source_left, source_right)
    ratio = weaker / np.maximum(stronger, 1e-12)
    step = np.clip((ratio - _CENTRE_FROM) / (_CENTRE_FULL - _CENTRE_FROM), 0.0, 1.0)
    in_phase = np.clip(real / np.sqrt(np.maximum(common, 1e-40)), 0.0, 1.0)
    central = step * step * (3.0 - 2.0 * step) * in_phase
    share = central * weaker / np.maximum(source_left + source_right, 1e-12)
    # In phase, a centre c = share (L + R) and the rest L - c, R - c lose energy to each other.
    # Turned by the angle whose cosine is 2 share, they keep it; 0 if all goes to the centre.
    turned = np.sqrt(2.0) * share * (2.0 * share + 1j * np.sqrt(np.maximum(1 - 4 * share**2, 0.0)))
    primary = (left - ambient_left) + (right - ambient_right)
    return primary * turned.astype(np.complex64), ambient_left, ambient_right
