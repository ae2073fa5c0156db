"""Filters: second-order sections with the audio cookbook's shapes, and FIR convolution.

All run block by block with their state, in float64 inside, so that results do not depend on how
a signal is cut and memory does not grow with its length.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.fft import irfft, next_fast_len, rfft

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import EqBand, EqKind
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import Samples

UNHEARD = 1e-60
"""Keeps a filter's state out of the denormal numbers into which it decays in digital silence, where
each sample costs a hundred times as much. Lost beside any sample that is not zero."""

Sections = NDArray[np.float64]
"""Second-order sections ``[sections, 6]``: b0 b1 b2 a0 a1 a2, a0 = 1."""


class SectionFilter:
    """A cascade of second-order sections with its state, for a signal that comes in blocks.

    Args:
        sections: ``[k, 6]`` as of scipy's ``output="sos"``.
        channels: channels of the signal.
    """

    def __init__(self, sections: Sections, channels: int) -> None:
        self._sections = np.atleast_2d(np.asarray(sections, np.float64))
        self._state = np.zeros((len(self._sections), channels, 2))

    def __call__(self, block: NDArray[np.floating]) -> NDArray[np.float64]:
        """Filter the next ``[channels, m]`` samples."""
        lifted = np.asarray(block, np.float64) + UNHEARD
        filtered, self._state = signal.sosfilt(self._sections, lifted, zi=self._state)
        return np.asarray(filtered)


def filtered(samples: Samples, sections: Sections) -> Samples:
    """The whole of ``samples`` ``[channels, n]`` through a cascade; same shape."""
    result = np.empty_like(samples)
    cascade = SectionFilter(sections, len(samples))
    for part in blocks(samples.shape[1]):
        result[:, part] = cascade(samples[:, part])
    return result


def section(band: EqBand) -> NDArray[np.float64]:
    """Second-order section ``[6]`` of one band (R. Bristow-Johnson, Audio EQ Cookbook)."""
    amp = 10.0 ** (band.gain_db / 40.0)
    omega = 2.0 * np.pi * band.frequency_hz / SAMPLE_RATE
    cos, alpha = np.cos(omega), np.sin(omega) / (2.0 * band.q)
    root = 2.0 * np.sqrt(amp) * alpha
    match band.kind:
        case EqKind.PEAK:
            b = (1 + alpha * amp, -2 * cos, 1 - alpha * amp)
            a = (1 + alpha / amp, -2 * cos, 1 - alpha / amp)
        case EqKind.HIGH_PASS:
            b = ((1 + cos) / 2, -(1 + cos), (1 + cos) / 2)
            a = (1 + alpha, -2 * cos, 1 - alpha)
        case EqKind.LOW_PASS:
            b = ((1 - cos) / 2, 1 - cos, (1 - cos) / 2)
            a = (1 + alpha, -2 * cos, 1 - alpha)
        case EqKind.LOW_SHELF | EqKind.HIGH_SHELF:
            # A high shelf is a low shelf mirrored at a quarter of the sample rate.
            c = cos if band.kind is EqKind.LOW_SHELF else -cos
            sign = 1 if band.kind is EqKind.LOW_SHELF else -1
            up, down = amp + 1, amp - 1
            b = (
                amp * (up - down * c + root),
                sign * 2 * amp * (down - up * c),
                amp * (up - down * c - root),
            )
            a = (up + down * c + root, -sign * 2 * (down + up * c), up + down * c - root)
    return np.asarray(np.array([*b, *a]) / a[0])


def response_db(sections: Sections, frequencies_hz: Sequence[float]) -> NDArray[np.float64]:
    """Magnitude of a cascade at some frequencies, in dB."""
    _, response = signal.sosfreqz(np.atleast_2d(sections), frequencies_hz, fs=SAMPLE_RATE)
    return np.asarray(20.0 * np.log10(np.maximum(np.abs(response), 1e-12)))


def convolve_into(
    out: Samples, source: Samples, impulse: NDArray[np.floating], advance: int = 0
) -> None:
    """Add ``source`` ``[k, n]`` through an FIR matrix to ``out`` ``[c, m]``, block by block.

    Args:
        out: is added to, in place; must not share memory with ``source``. What rings past its end
            is cut.
        source: ``[k, n]``.
        impulse: ``[c, k, taps]``: from each source channel to each output channel.
        advance: samples by which the result is moved earlier, to undo a linear-phase delay.
    """
    count, taps = source.shape[1], impulse.shape[-1]
    size = max(BLOCK, taps)
    length = next_fast_len(size + taps - 1, real=True)
    spectra = rfft(np.asarray(impulse, np.float32), length)
    for part in blocks(count, size):
        spectrum = rfft(source[:, part], length)
        wet = irfft(np.einsum("ckf,kf->cf", spectra, spectrum), length)
        start = part.start - advance
        stop = min(part.stop + taps - 1 - advance, out.shape[1])
        first = max(start, 0)
        if stop > first:
            out[:, first:stop] += wet[:, first - start : stop - start]
