"""Look-ahead limiter for true peaks: gain only, linear phase, no state between calls.

The gain is the smallest that the loudest interpolated sample in reach allows. It is held over the
look-ahead, then smoothed by a window no longer than that hold: a weighted mean of values that all
respect a peak respects it too, so the smoothing can't let one through (a design as in D. Rudrich,
"Look-ahead limiter", iem.at; the release as in Giannoulis, Massberg & Reiss, "Digital dynamic
range compressor design", JAES 60(6), 2012, decoupled peak detector).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import Samples, amplitude_db, db_to_gain
from foley_designer.dsp.level.true_peak import peak_envelope, true_peak_db

_LOOK_AHEAD = round(0.0015 * SAMPLE_RATE)
_RELEASE_S = 0.02
"""Short, so that what is taken off the first milliseconds of a hit is not taken off its body."""
_PIECE = 4096
"""Samples of which either all or none are worth smoothing."""
_WHOLE = np.float32(1.0 - 1e-6)
"""A gain that is none: 0.00001 dB, beneath a step of 24 bits at full scale."""
_ROUNDS = 5
_STEP_DB = 0.03


class Limited(NamedTuple):
    """A limited signal."""

    samples: Samples
    reduction_db: float
    """Deepest gain reduction, ≥ 0."""


def limit(samples: Samples, ceiling_dbtp: float) -> Limited:
    """Hold the true peak of all channels under a ceiling with one common gain.

    Args:
        samples: ``[channels, n]``.
        ceiling_dbtp: highest true peak of the result.

    Returns:
        The limited signal, of the same shape; ``samples`` itself if nothing had to be done.
    """
    envelope = peak_envelope(samples, db_to_gain(ceiling_dbtp - _ROUNDS * _STEP_DB))
    limited, target = Limited(samples, 0.0), ceiling_dbtp
    for _ in range(_ROUNDS):
        gain = peak_reduction(envelope, target)
        if gain is None:
            return limited
        result = np.empty_like(samples)
        for part in blocks(samples.shape[1]):
            result[:, part] = samples[:, part] * gain[part]
        limited = Limited(result, float(-amplitude_db(gain.min())))
        if true_peak_db(result) <= ceiling_dbtp:
            break
        # The gain's own movement can lift an interpolated peak by some hundredths of a dB.
        target -= _STEP_DB
    else:
        limited.samples[:] *= np.float32(db_to_gain(ceiling_dbtp - true_peak_db(limited.samples)))
    return limited


def peak_reduction(envelope: NDArray[np.float32], ceiling_db: float) -> NDArray[np.float32] | None:
    """Smooth gain ``[n]``, 0..1, that keeps a peak envelope under a ceiling; None if it does."""
    ceiling = np.float32(db_to_gain(ceiling_db))
    if not len(envelope) or envelope.max() <= ceiling:
        return None
    return smooth_reduction(np.minimum(1.0, ceiling / np.maximum(envelope, 1e-9)))


def smooth_reduction(allowed: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest smooth gain ``[n]`` that is nowhere above ``allowed`` (0..1, ``[n]``).

    It moves within the look-ahead on both sides of a dip and then recovers exponentially.
    """
    held = _released(allowed)
    window = signal.windows.hann(2 * _LOOK_AHEAD + 1)
    window /= window.sum()
    gain = np.ones_like(held)
    reach = 2 * _LOOK_AHEAD
    for part in blocks(len(held), _PIECE):
        start, stop = max(0, part.start - reach), min(len(held), part.stop + reach)
        if held[start:stop].min() >= _WHOLE:
            continue  # most of a mix needs no limiting
        low = ndimage.minimum_filter1d(held[start:stop], reach + 1, mode="nearest")
        smooth = ndimage.convolve1d(low, window, mode="nearest")
        gain[part] = smooth[part.start - start : part.stop - start]
    return np.minimum(gain, 1.0, out=gain)


def _released(allowed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gain whose reduction in dB, after each dip, decays with the release's time constant.

    ``y[n] = max(x[n], a y[n-1])`` is a running maximum of ``log x[n] - n log a``.
    """
    result = np.empty_like(allowed)
    ramp = np.arange(BLOCK) / (_RELEASE_S * SAMPLE_RATE)
    carry = 0.0
    for part in blocks(len(allowed)):
        wanted = -amplitude_db(allowed[part])
        if carry < 1e-4 and not wanted.any():
            result[part] = 1.0
            continue
        wanted[0] = max(wanted[0], carry)
        rise = ramp[: len(wanted)]
        reduction = np.exp(np.maximum.accumulate(np.log(np.maximum(wanted, 1e-12)) + rise) - rise)
        carry = float(reduction[-1])
        result[part] = 10.0 ** (reduction / -20.0)
    return result
