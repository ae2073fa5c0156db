"""Does a sound come from where its annotation says? The time difference that is left over.

Cross-spectra of windows that sound are turned by the delay that was annotated for their instant,
then added: what both channels share adds up, reverberation averages out (G. C. Carter, Coherence
and time delay estimation, Proceedings of the IEEE 75(2), 1987). The peak of the sum's correlation
is what measurement and annotation differ by; 0 if they agree, moving sources included.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft, rfft, rfftfreq

from foley_designer.metrics.activity import frame_power

Array = NDArray[np.float64]

WINDOW_S = 0.04
MAX_DELAY_S = 0.6e-3
_LOUD = 1e-2
"""Windows within 20 dB of the loudest count."""
_SILENCE = 1e-14
_WHITENING = 0.5
"""Between plain correlation, which rings with tones, and the phase transform, which hears noise."""
_MOST = 400
_FINER = 8
"""Points between samples at which the correlation is read."""


def delay_residual_s(
    stereo: NDArray[np.float32],
    sample_rate: int,
    expected_s: ArrayLike,
    rate: float,
    span_s: tuple[float, float] | None = None,
) -> float | None:
    """Measured minus annotated time difference, seconds; None if nothing sounds.

    Args:
        stereo: ``[2, n]``.
        sample_rate: samples a second.
        expected_s: ``[frames]`` seconds by which left should lead.
        rate: frames a second of ``expected_s``.
        span_s: part of the sound to look at; None takes all of it.
    """
    size = round(WINDOW_S * sample_rate)
    count = stereo.shape[1] // size
    power = frame_power(stereo[:, : count * size], size)
    loud = np.flatnonzero((power > _LOUD * power.max(initial=0.0)) & (power > _SILENCE))
    centres = (loud + 0.5) * size / sample_rate
    if span_s is not None:
        inside = (centres >= span_s[0]) & (centres < span_s[1])
        loud, centres = loud[inside], centres[inside]
    if len(loud) > _MOST:
        kept = np.linspace(0, len(loud) - 1, _MOST).astype(int)
        loud, centres = loud[kept], centres[kept]
    if not len(loud):
        return None
    windows = np.stack([stereo[:, at * size : (at + 1) * size] for at in loud]).astype(np.float64)
    expected = np.asarray(expected_s, np.float64)
    delays = np.interp(centres * rate, np.arange(len(expected)), expected)
    return _peak(_aligned(windows, delays, sample_rate), sample_rate)


def _aligned(windows: Array, delays_s: Array, sample_rate: int) -> Array:
    """Sum of cross-spectra ``[bins]``, each turned back by its delay."""
    size = 2 * windows.shape[2]
    spectra = rfft(windows * np.hanning(windows.shape[2]), size, axis=2)
    cross = spectra[:, 0] * np.conj(spectra[:, 1])
    hz = rfftfreq(size, 1.0 / sample_rate)
    turned = cross * np.exp(-2j * np.pi * hz * delays_s[:, None])
    total = turned.sum(axis=0)
    scale: Array = total / (np.abs(cross).sum(axis=0) + 1e-20) ** _WHITENING
    return scale


def _peak(cross: Array, sample_rate: int) -> float:
    """Seconds at which the correlation of a cross-spectrum is largest."""
    size = 2 * (len(cross) - 1)
    fine = irfft(np.pad(cross, (0, (_FINER - 1) * (len(cross) - 1))), _FINER * size)
    most = round(MAX_DELAY_S * sample_rate * _FINER)
    near = np.concatenate([fine[-most:], fine[: most + 1]])
    return -(int(np.argmax(near)) - most) / (sample_rate * _FINER)
