"""Mel spectrograms as the models were trained on them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def mel_filters(
    sample_rate: int,
    size: int,
    bands: int,
    low_hz: float,
    high_hz: float,
    *,
    unit_sum: bool = False,
) -> Array:
    """Triangles in hertz between points that are equally far apart in mel (HTK), ``[bands, bins]``.

    Args:
        sample_rate: samples a second.
        size: of the transform.
        bands: number of triangles.
        low_hz: where the first begins.
        high_hz: where the last ends.
        unit_sum: whether the weights of each add up to 1; else its peak is 1.
    """
    hz = np.arange(size // 2 + 1) * (sample_rate / size)
    edges = from_mel(np.linspace(to_mel(low_hz), to_mel(high_hz), bands + 2))
    widths = np.diff(edges)
    rising = (hz[None] - edges[:-2, None]) / widths[:-1, None]
    falling = (edges[2:, None] - hz[None]) / widths[1:, None]
    weights: Array = np.maximum(0.0, np.minimum(rising, falling))
    if unit_sum:
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-30)
    return weights


def triangles_in_mel(
    sample_rate: int, size: int, bands: int, low_hz: float, high_hz: float
) -> Array:
    """Triangles whose sides are straight in mel, ``[bands, bins]``, as TensorFlow and Kaldi have.

    Neither counts the bins at 0 Hz and at half the sample rate.
    """
    mel = to_mel(np.arange(size // 2 + 1) * (sample_rate / size))
    edges = np.linspace(to_mel(low_hz), to_mel(high_hz), bands + 2)
    step = edges[1] - edges[0]
    rising = (mel[None] - edges[:-2, None]) / step
    falling = (edges[2:, None] - mel[None]) / step
    weights: Array = np.maximum(0.0, np.minimum(rising, falling))
    weights[:, [0, -1]] = 0.0
    return weights


def to_mel(hz: ArrayLike) -> Array:
    """HTK's mel, 1127·ln(1 + f/700) (O'Shaughnessy, 1987)."""
    return np.asarray(1127.0 * np.log1p(np.asarray(hz, np.float64) / 700.0))


def from_mel(mel: Array) -> Array:
    """Hertz of a mel."""
    return 700.0 * np.expm1(mel / 1127.0)


def hann(size: int, *, periodic: bool = True) -> Array:
    """A Hann window."""
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(size) / (size if periodic else size - 1))


def spectra(
    wave: NDArray[np.floating], size: int, hop: int, window: Array, *, centred: bool
) -> Array:
    """Magnitudes ``[frames, size // 2 + 1]`` of windowed stretches.

    Args:
        wave: ``[n]``.
        size: of the transform; a shorter window is padded, in its middle where ``centred``.
        hop: samples from frame to frame.
        window: ``[≤ size]``.
        centred: whether frame k is centred at sample k·hop, the ends mirrored, as librosa and torch
            do; else frames begin there and none reaches beyond the end.
    """
    sound = np.asarray(wave, np.float64)
    length = len(window)
    if centred:
        length, lacking = size, size - len(window)
        window = np.pad(window, (lacking // 2, lacking - lacking // 2))
        sound = np.pad(sound, size // 2, mode="reflect")
    sound = np.pad(sound, (0, max(0, length - len(sound))))
    frames = np.lib.stride_tricks.sliding_window_view(sound, length)[::hop]
    return np.asarray(np.abs(np.fft.rfft(frames * window, size, axis=1)))


def patches(frames: Array, length: int, hop: int) -> Array:
    """Stretches of frames ``[k, length, bands]``; a single one is padded by repeating zeros."""
    padded = np.pad(frames, ((0, max(0, length - len(frames))), (0, 0)))
    starts = range(0, len(padded) - length + 1, hop)
    return np.stack([padded[start : start + length] for start in starts])
