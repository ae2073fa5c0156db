"""Declipping: what a converter cut off, put back as the sparsest wave that fits what is left.

A-SPADE (S. Kitić, N. Bertin & R. Gribonval, "Sparsity and cosparsity for audio declipping: a
flexible non-convex approach", LVA/ICA 2015, in the form of P. Záviška et al., "A proper version of
synthesis-based sparse audio declipper", ICASSP 2019, section 2): each frame's spectrum is held to
its largest coefficients, a few more in each round, while samples that are whole stay as they are
and the cut ones stay beyond the level at which they were cut.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from foley_designer.core.mix.processing import Declip
from foley_designer.dsp.level.gains import Samples, db_to_gain

FLAT = 1e-4
"""Three samples in a row at the clipping level that differ by less are a cut wave; a loud one goes
through the level and keeps its shape."""
_FRAME = 2048
_HOP = _FRAME // 2
_REDUNDANCY = 2
_ROUNDS = 100
_GROWTH = 8
"""Coefficients more in each round."""
_CLOSE = 1e-3
"""A frame is done where its sparse and its fitting wave differ by less, re the frame's energy."""
_FRAMES_AT_ONCE = 256


def clipped(samples: Samples, level: float) -> NDArray[np.bool_]:
    """Samples ``[channels, n]`` that were cut.

    They are all that reach the level, in a channel that has flat tops there.
    """
    loud = np.abs(samples) >= level
    if not loud.any():
        return loud
    still = (np.abs(np.diff(samples)) < FLAT) & loud[:, 1:] & loud[:, :-1]
    tops = still[:, 1:] & still[:, :-1]
    return np.asarray(loud & tops.any(axis=1, keepdims=True))


def declip(samples: Samples, plan: Declip) -> Samples:
    """Restore flat tops of ``samples`` ``[channels, n]``, and turn all down by the headroom.

    Samples that were not cut keep their value, headroom apart; if nothing was cut, all do.
    Restored ones lie between the level and the headroom above it.
    """
    restored = np.array(samples, np.float32)
    for channel, cut in zip(restored, clipped(samples, plan.level), strict=True):
        if cut.any():
            _restore(channel, cut, plan)
    restored *= np.float32(db_to_gain(-plan.headroom_db))
    return restored


def _restore(channel: NDArray[np.float32], cut: NDArray[np.bool_], plan: Declip) -> None:
    """Restore one channel ``[n]`` in place, frame by frame with half a frame's overlap."""
    count = len(channel)
    window = np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME)
    # Frame k starts HOP samples before sample k * HOP, so that two frames cover each sample.
    touched = np.unique(np.flatnonzero(cut) // _HOP)
    frames = np.unique(np.concatenate([touched, touched + 1]))
    change = np.zeros(count + 2 * _FRAME)
    wave = np.pad(channel.astype(np.float64), (_HOP, 2 * _FRAME))
    marks = np.pad(cut, (_HOP, 2 * _FRAME))
    for first in range(0, len(frames), _FRAMES_AT_ONCE):
        starts = frames[first : first + _FRAMES_AT_ONCE] * _HOP
        index = starts[:, None] + np.arange(_FRAME)
        part, where = wave[index] * window, marks[index]
        found = (_fitting(part, where, window, plan) - part) * window
        np.add.at(change, index, found)
    channel[cut] += change[_HOP : _HOP + count][cut].astype(np.float32)


def _fitting(
    wave: NDArray[np.float64], cut: NDArray[np.bool_], window: NDArray[np.float64], plan: Declip
) -> NDArray[np.float64]:
    """Windowed frames ``[k, FRAME]`` with their cut samples beyond the level."""
    sign = np.sign(wave)
    low = plan.level * window
    high = low * db_to_gain(plan.headroom_db)
    size = _REDUNDANCY * _FRAME
    best, dual = wave.copy(), np.zeros((len(wave), size // 2 + 1), np.complex128)
    scale = np.sqrt(np.square(wave).sum(axis=1, keepdims=True)) + 1e-12
    open_ = np.ones(len(wave), bool)
    for turn in range(1, _ROUNDS + 1):
        now = np.flatnonzero(open_)
        spectrum = rfft(best[now], size) + dual[now]
        sparse = _largest(spectrum, min(turn * _GROWTH, size // 2))
        guess = irfft(sparse - dual[now], size)[:, :_FRAME]
        held = sign[now] * np.clip(sign[now] * guess, low, high)
        best[now] = np.where(cut[now], held, wave[now])
        rest = rfft(best[now], size) - sparse
        dual[now] += rest
        error = np.sqrt(np.square(np.abs(rest)).sum(axis=1) / (size // 2))
        open_[now] = error > _CLOSE * scale[now, 0]
        if not open_.any():
            break
    return best


def _largest(spectrum: NDArray[np.complex128], keep: int) -> NDArray[np.complex128]:
    """Spectra ``[k, bins]`` with all but their largest coefficients at zero."""
    level = np.abs(spectrum)
    least = np.partition(level, -keep, axis=1)[:, -keep, None]
    return np.where(level >= least, spectrum, 0.0)
