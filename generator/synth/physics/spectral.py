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
    for channel in range(channels):
        out[channel] = _overlap(_random_frames(rng, magnitudes, size), window, hop)[
            2 * hop : 2 * hop + count
        ]
    return out


def _random_frames(
    rng: np.random.Generator, magnitudes: NDArray[np.float32], size: int
) -> NDArray[np.float32]:
    spectrum = rng.standard_normal((*magnitudes.shape, 2), dtype=np.float32)
    spectrum *= magnitudes[..., None]
    frames: NDArray[np.float32] = scipy.fft.irfft(
        spectrum.view(np.complex64)[..., 0], size, axis=-1
    )
    return frames


def _overlap(frames: NDArray[np.float32], window: Wave, hop: int) -> Wave:
    parts = (frames * window).reshape(frames.shape[0], 4, hop)
    out = np.zeros((frames.shape[0] + 3, hop))
    for part in range(4):
        out[part : part + frames.shape[0]] += parts[:, part]
    return out.ravel()


def bell(frequencies: Wave, centre_hz: Wave | float, octaves: Wave | float) -> Wave:
    """Gaussian over log frequency; ``centre_hz`` and ``octaves`` may be columns over time."""
    log = np.log2(np.maximum(frequencies, 1.0))
    bump: Wave = np.exp(-0.5 * ((log - np.log2(centre_hz)) / octaves) ** 2)
    return bump


def slope(frequencies: Wave, corner_hz: Wave | float, order: float) -> Wave:
    """Low-pass magnitude 1/√(1+(f/f_c)^2n) with any real order; -6·order dB an octave."""
    falling: Wave = 1.0 / np.sqrt(1.0 + (frequencies / corner_hz) ** (2 * order))
    return falling


def rise(frequencies: Wave, corner_hz: Wave | float, order: float) -> Wave:
    """High-pass magnitude, the mirror of `slope`."""
    safe = np.maximum(frequencies, 1e-3)
    rising: Wave = 1.0 / np.sqrt(1.0 + (corner_hz / safe) ** (2 * order))
    return rising
