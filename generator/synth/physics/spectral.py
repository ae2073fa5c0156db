"""Noise whose spectrum is painted over time.

Random short-time spectra are overlap-added: the sines-plus-noise residual of X. Serra and
J. O. Smith, *Spectral Modeling Synthesis* (CMJ 14(4), 1990), without the analysis. It stands in
for every filter that moves, at the cost of one batched FFT.
"""

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import Wave

Surface = Callable[[Wave, int, int], Wave]
"""Frequencies ``[bins]`` in Hz, frames, hop in samples → magnitudes ``[frames, bins]``."""

_FRAMES = 512
"""Painted at a time."""


def paint(
    rng: np.random.Generator, channels: int, count: int, surface: Surface, size: int = 1024
) -> Wave:
    """Noise with a time-varying magnitude spectrum, independent in each channel.

    Args:
        rng: source of chance.
        channels: how many decorrelated channels to make.
        count: samples.
        surface: the magnitudes to paint; white noise of unit variance where they are one.
        size: window in samples; hop is a quarter of it. Small for speed, large for bass.

    Returns:
        ``[channels, count]``.
    """
    hop = size // 4
    frames = count // hop + 5
    frequencies: Wave = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float64)
    magnitudes = np.broadcast_to(
        surface(frequencies, frames, hop), (frames, frequencies.size)
    ).astype(np.float32)
    window = (np.hanning(size + 1)[:size] * np.sqrt(size / 3.0)).astype(np.float64)
    out = np.empty((channels, count))
    for channel in out:
        _fill(channel, rng, magnitudes, window)
    return out


def _fill(
    out: Wave, rng: np.random.Generator, magnitudes: NDArray[np.float32], window: Wave
) -> None:
    """One channel, so many frames at a time: all of a long bed at once are half a gigabyte."""
    hop = len(window) // 4
    before = np.zeros((3, 4, hop))
    for first in range(0, len(magnitudes), _FRAMES):
        frames = _random_frames(rng, magnitudes[first : first + _FRAMES], len(window))
        parts = np.concatenate([before, (frames * window).reshape(len(frames), 4, hop)])
        before = parts[-3:]
        heard = parts[3:, 0] + parts[2:-1, 1] + parts[1:-2, 2] + parts[:-3, 3]
        start = (first - 2) * hop
        skipped, end = max(0, -start), min(heard.size, len(out) - start)
        if end > skipped:
            out[start + skipped : start + end] = heard.ravel()[skipped:end]


def _random_frames(
    rng: np.random.Generator, magnitudes: NDArray[np.float32], size: int
) -> NDArray[np.float32]:
    spectrum = rng.standard_normal((*magnitudes.shape, 2), dtype=np.float32)
    spectrum *= magnitudes[..., None]
    frames: NDArray[np.float32] = scipy.fft.irfft(
        spectrum.view(np.complex64)[..., 0], size, axis=-1
    )
    return frames


def bell(frequencies: Wave, centre_hz: Wave | float, octaves: Wave | float) -> Wave:
    """Gaussian over log frequency; ``centre_hz`` and ``octaves`` may be columns over time."""
    log = np.log2(np.maximum(frequencies, 1.0))
    bump: Wave = np.exp(-0.5 * ((log - np.log2(centre_hz)) / octaves) ** 2)
    return bump


def slope(frequencies: Wave, corner_hz: Wave | float, order: float) -> Wave:
    """Low-pass magnitude 1/√(1+(f/f_c)^2n) with any real order; -6·order dB an octave."""
    falling: Wave = frequencies / corner_hz
    falling **= 2 * order  # in place from here on: of a long bed each array is 120 MB
    falling += 1.0
    np.sqrt(falling, out=falling)
    np.divide(1.0, falling, out=falling)
    return falling


def rise(frequencies: Wave, corner_hz: Wave | float, order: float) -> Wave:
    """High-pass magnitude, the mirror of `slope`."""
    safe = np.maximum(frequencies, 1e-3)
    rising: Wave = 1.0 / np.sqrt(1.0 + (corner_hz / safe) ** (2 * order))
    return rising
