"""Compressor and ducking: one gain for both channels, so that the image stays where it is.

Detection runs at 1 kHz in the log domain with a decoupled detector: a release that decays
exponentially, then an attack (Giannoulis, Massberg & Reiss, JAES 60(6), 2012, section 2).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.mix.processing import Dynamics
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import Samples, amplitude_db

HOP = 48
"""Samples a detector step: 1 ms."""
_KNEE_DB = 6.0
_DUCK_FULL_DB, _DUCK_NONE_DB = -20.0, -32.0
"""The foreground ducks fully within 20 dB of its loudest, not at all 32 dB below."""
_ACTIVE_DB = -90.0


def envelope(samples: Samples) -> NDArray[np.float32]:
    """Peak over channels of each millisecond of ``[channels, n]``: ``[ceil(n / 48)]``, linear."""
    count = samples.shape[1]
    result = np.zeros(-(-count // HOP), np.float32)
    size = BLOCK // HOP * HOP
    for part in blocks(count, size):
        peaks = np.abs(samples[:, part]).max(axis=0)
        padded = np.pad(peaks, (0, -len(peaks) % HOP))
        first = part.start // HOP
        result[first : first + len(padded) // HOP] = padded.reshape(-1, HOP).max(axis=1)
    return result


def control(
    samples: Samples, plan: Dynamics, foreground: NDArray[np.float32] | None = None
) -> NDArray[np.float64]:
    """Gain in dB, ≤ 0, a millisecond: the compressor's and the ducker's in sum.

    Args:
        samples: ``[channels, n]``.
        plan: its parameters.
        foreground: absolute amplitude ``[n]`` of what the track makes room for; None: nothing.

    Raises:
        ValueError: the foreground is not as long as the track.
    """
    level = amplitude_db(envelope(samples))
    wanted = _compression(level - plan.threshold_db, plan.ratio)
    gain = -_ballistics(wanted, plan.attack_ms, plan.release_ms)
    if foreground is not None and plan.duck_db > 0:
        if len(foreground) != samples.shape[1]:
            raise ValueError(f"foreground has {len(foreground)} samples, not {samples.shape[1]}")
        active = plan.duck_db * _activity(envelope(foreground[None]))
        gain -= _ballistics(active, plan.attack_ms, plan.release_ms)
    return gain


def shape(
    samples: Samples, plan: Dynamics, foreground: NDArray[np.float32] | None = None
) -> Samples:
    """``samples`` ``[channels, n]`` under `control`'s gain, interpolated in dB between steps."""
    gain_db = control(samples, plan, foreground)
    result = np.empty_like(samples)
    steps = np.arange(len(gain_db)) * HOP
    for part in blocks(samples.shape[1]):
        at = np.arange(part.start, part.stop)
        factor = 10.0 ** (np.interp(at, steps, gain_db) / 20.0)
        result[:, part] = samples[:, part] * factor.astype(np.float32)
    return result


def _compression(over_db: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Wanted reduction in dB at levels relative to the threshold; quadratic knee (ibid., eq. 4)."""
    knee = np.clip(over_db + _KNEE_DB / 2, 0.0, _KNEE_DB) ** 2 / (2.0 * _KNEE_DB)
    return (1.0 - 1.0 / ratio) * np.where(over_db > _KNEE_DB / 2, over_db, knee)


def _activity(foreground: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much the foreground sounds, 0..1, against its own loudest millisecond."""
    level = amplitude_db(foreground)
    loudest = float(level.max(initial=_ACTIVE_DB))
    if loudest <= _ACTIVE_DB:
        return np.zeros(len(level))
    span = _DUCK_FULL_DB - _DUCK_NONE_DB
    return np.clip((level - loudest - _DUCK_NONE_DB) / span, 0.0, 1.0)


def _ballistics(
    wanted: NDArray[np.float64], attack_ms: float, release_ms: float
) -> NDArray[np.float64]:
    """Reduction with exponential release, then a one-pole attack; steps of 1 ms."""
    if not wanted.any():
        return wanted
    ramp = np.arange(len(wanted)) / release_ms
    held = np.exp(np.maximum.accumulate(np.log(np.maximum(wanted, 1e-12)) + ramp) - ramp)
    pole = np.exp(-1.0 / attack_ms)
    smooth = signal.lfilter([1.0 - pole], [1.0, -pole], held)
    return np.asarray(smooth)
