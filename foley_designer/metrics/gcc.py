"""Direction by time difference: GCC-PHAT, and the numbers by which papers compare it.

Definitions after PeiwenSun2000/Both-Ears-Wide-Open (``evaluations``) and IFICL/stereocrw: 16 kHz,
a window every 0.1 s, in each 513 frames of 0.24 s one sample apart, a maximum of |GCC-PHAT| within
±1.5 ms, the mean over frames. Their score squares the error of each clip's mean in milliseconds
and takes 1000 times the mean over clips. Digital silence reads +1.5 ms there, so windows are gated
by level here; ``gate_db=None`` shows the ungated number.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

RATE = 16_000
"""Samples a second at which windows are read."""
WINDOW_S = 0.1
"""Between the centres of windows."""
FRAME = 3840
"""Samples a frame: 0.24 s."""
FRAMES = 513
"""Frames a window, one sample apart."""
MAX_DELAY_S = 1.5e-3
_SILENCE = 1e-15
"""Mean power of digital silence and of what resampling leaves of it."""
GATE_DB = -40.0
"""Windows this far under the loudest one are left out."""


class Windows(NamedTuple):
    """What was read in each window of a clip."""

    delays_s: Array
    """``[windows]`` seconds by which left leads."""
    levels_db: Array
    """``[windows]`` RMS of both channels, dBFS."""

    def heard(self, gate_db: float | None = GATE_DB) -> NDArray[np.bool_]:
        """Which windows count: those within ``gate_db`` of the loudest, or all for None."""
        if gate_db is None:
            return np.ones(len(self.levels_db), bool)
        loudest = self.levels_db.max(initial=-np.inf)
        result: NDArray[np.bool_] = self.levels_db > max(loudest + gate_db, -120.0)
        return result


def gcc_phat_delays(
    left: Array,
    right: Array,
    sample_rate: int,
    *,
    max_delay_s: float = MAX_DELAY_S,
    whitening: float = 1.0,
    between_samples: bool = False,
) -> Array:
    """Seconds by which left leads, from the peak of the generalised cross-correlation.

    Knapp & Carter, IEEE Transactions on Acoustics, Speech, and Signal Processing 24(4), 1976.

    Args:
        left: ``[frames, n]``.
        right: ``[frames, n]``.
        sample_rate: samples a second.
        max_delay_s: largest delay that is looked for.
        whitening: 1 is the phase transform, 0 plain correlation. Between copies without noise
            of their own, less of it reads tones and decays more surely.
        between_samples: refine the peak by a parabola; else whole samples, as the papers do.

    Returns:
        ``[frames]``; digital silence reads ``+max_delay_s``.
    """
    most = round(max_delay_s * sample_rate)
    size = 2 * left.shape[-1]
    cross = scipy.fft.rfft(left, size) * np.conj(scipy.fft.rfft(right, size))
    cross /= (np.abs(cross) + 1e-20) ** whitening
    correlation = scipy.fft.irfft(cross, size)
    near_zero = np.abs(np.concatenate([correlation[:, -most:], correlation[:, : most + 1]], axis=1))
    peak = np.argmax(near_zero, axis=1)
    lags = (peak - most).astype(np.float64)
    if between_samples:
        inner = np.clip(peak, 1, 2 * most - 1)
        rows = np.arange(len(peak))
        before, top, after = (near_zero[rows, inner + step] for step in (-1, 0, 1))
        bend = before - 2.0 * top + after
        shift = 0.5 * (before - after) / np.where(bend < 0, bend, -np.inf)
        lags += np.where(inner == peak, np.clip(shift, -0.5, 0.5), 0.0)
    result: Array = -lags / sample_rate
    return result


def window_centres_s(duration_s: float) -> Array:
    """Centres of the windows of a clip, ``[windows]`` seconds."""
    return (np.arange(max(1, round(duration_s / WINDOW_S)), dtype=np.float64) + 0.5) * WINDOW_S


def frame_delays(
    stereo: NDArray[np.float32], sample_rate: int, *, frame_hop: int = 1
) -> tuple[Array, Array]:
    """Delays and powers of every frame of every window.

    Args:
        stereo: ``[2, n]``.
        sample_rate: samples a second; resampled to `RATE`.
        frame_hop: samples between frames; 1 is the papers' and slow (0.6 s for a second of sound),
            64 is within a few microseconds of it.

    Returns:
        ``[windows, frames]`` seconds, and the frames' mean power.
    """
    sound = scipy.signal.resample_poly(stereo.astype(np.float64), RATE, sample_rate, axis=1)
    centres = window_centres_s(stereo.shape[1] / sample_rate)
    length = FRAME + FRAMES - 1
    padded = np.pad(sound, ((0, 0), (length, length)))
    delays, powers = [], []
    for centre in centres:
        start = length + round(centre * RATE) - length // 2
        window = padded[:, start : start + length]
        frames = np.lib.stride_tricks.sliding_window_view(window, FRAME, axis=1)[:, ::frame_hop]
        delays.append(_delays(frames))
        sums = np.r_[0.0, np.cumsum(np.mean(window**2, axis=0))]
        powers.append(((sums[FRAME:] - sums[:-FRAME]) / FRAME)[::frame_hop])
    return np.array(delays), np.array(powers)


def _delays(frames: Array) -> Array:
    """Delays of ``[2, frames, n]``; equal channels need no transform to be in the middle."""
    if np.array_equal(frames[0], frames[1]):
        return np.where(frames[0].any(axis=1), 0.0, MAX_DELAY_S)
    return gcc_phat_delays(frames[0], frames[1], RATE)


def window_delays(
    stereo: NDArray[np.float32],
    sample_rate: int,
    *,
    frame_hop: int = 64,
    skip_silence: bool = True,
) -> Windows:
    """Mean delay and level of each window.

    Args:
        stereo: as in `frame_delays`, as are ``sample_rate`` and ``frame_hop``.
        sample_rate: samples a second.
        frame_hop: samples between frames.
        skip_silence: leave frames of digital silence out of the mean; the papers' code does not.
    """
    delays, powers = frame_delays(stereo, sample_rate, frame_hop=frame_hop)
    return windows_of(delays, powers, skip_silence=skip_silence)


def windows_of(delays: Array, powers: Array, *, skip_silence: bool = True) -> Windows:
    """As `window_delays`, of what `frame_delays` gave."""
    counted = powers > _SILENCE if skip_silence else np.ones_like(powers, bool)
    means = np.sum(delays * counted, axis=1) / np.maximum(counted.sum(axis=1), 1)
    return Windows(means, 10.0 * np.log10(powers.mean(axis=1) + _SILENCE))


def itd_error_us(
    windows: Windows, expected_s: ArrayLike, gate_db: float | None = GATE_DB
) -> float | None:
    """Mean absolute error of the time difference over heard windows, µs; None if none is.

    Args:
        windows: what was read.
        expected_s: ``[windows]`` seconds by which left should lead.
        gate_db: see `Windows.heard`.
    """
    heard = windows.heard(gate_db)
    if not heard.any():
        return None
    errors = np.abs(windows.delays_s - np.asarray(expected_s))[heard]
    return float(errors.mean() * 1e6)


def clip_delay_s(windows: Windows, gate_db: float | None = GATE_DB) -> float:
    """A clip's mean delay over heard windows, seconds; 0 if none is heard."""
    heard = windows.heard(gate_db)
    return float(windows.delays_s[heard].mean()) if heard.any() else 0.0


def bewo_score(measured_s: ArrayLike, reference_s: ArrayLike) -> float:
    """The number that the papers call GCC-MAE: 1000 times the mean squared error in ms².

    With directions 0, ±15° and ±45° equally often and a detector's steps of 62.5 µs, centred mono
    scores 62.5.

    Args:
        measured_s: ``[clips]`` mean delays, seconds.
        reference_s: ``[clips]`` mean delays of the reference.
    """
    errors_ms = 1e3 * (np.asarray(measured_s, np.float64) - np.asarray(reference_s, np.float64))
    return float(1000.0 * np.mean(errors_ms**2))


def mono_baseline(reference_s: ArrayLike) -> float:
    """`bewo_score` of a centred mono output on the same items."""
    reference = np.asarray(reference_s, np.float64)
    return bewo_score(np.zeros_like(reference), reference)
