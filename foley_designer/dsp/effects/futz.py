"""Futz: a sound as through a device or a wall. The colour changes, the level does not."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Futz
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.effects.filters import filtered
from foley_designer.dsp.level.gains import Samples, db_to_gain

_DRIVE_DB = 12.0
"""How far above the radio's clipping point the loudest sound drives it."""


def futz(samples: Samples, kind: Futz) -> Samples:
    """``samples`` ``[2, n]`` as heard through a device or a wall, at the same RMS level."""
    match kind:
        case Futz.RADIO:
            result = _radio(samples)
        case Futz.TELEPHONE:
            result = _telephone(samples)
        case Futz.NEXT_ROOM:
            result = _next_room(samples)
    before, after = _rms(samples), _rms(result)
    if after > 0:
        result *= np.float32(before / after)
    return result


def _band(low_hz: float, high_hz: float, order: int = 4) -> NDArray[np.float64]:
    edges = (low_hz, high_hz)
    return np.asarray(signal.butter(order, edges, "bandpass", fs=SAMPLE_RATE, output="sos"))


def _radio(samples: Samples) -> Samples:
    """Hand-held radio: small speaker's band around a soft-clipping amplifier."""
    band = _band(400.0, 3200.0, 2)
    narrow = filtered(samples, band)
    peak = float(np.abs(narrow).max(initial=0.0))
    if peak > 0:
        narrow *= np.float32(db_to_gain(_DRIVE_DB) / peak)
        np.tanh(narrow, out=narrow)
        narrow *= np.float32(peak)
    return filtered(narrow, band)


def _telephone(samples: Samples) -> Samples:
    """Telephone: 300 to 3400 Hz through the GSM full-rate codec, each channel by itself."""
    from pedalboard import GSMFullRateCompressor  # noqa: PLC0415

    narrow = filtered(samples, _band(300.0, 3400.0))
    codecs = [GSMFullRateCompressor() for _ in narrow]
    peak = float(np.abs(narrow).max(initial=0.0))
    if peak == 0:
        return narrow
    # The codec has 13 bits: it needs a signal of some level.
    scale = np.float32(0.5 / peak)
    for channel, codec in zip(narrow, codecs, strict=True):
        channel[:] = codec(channel * scale, SAMPLE_RATE) / scale
    return filtered(narrow, _band(300.0, 3400.0))


def _next_room(samples: Samples) -> Samples:
    """Through a wall or a closed door: mass law (6 dB an octave), then steeper, and narrow."""
    mass = signal.butter(1, 150.0, "lowpass", fs=SAMPLE_RATE, output="sos")
    wall = signal.butter(2, 1200.0, "lowpass", fs=SAMPLE_RATE, output="sos")
    middle = samples.mean(axis=0, keepdims=True)
    narrow = np.float32(0.3) * samples + np.float32(0.7) * middle
    return filtered(narrow, np.concatenate([mass, wall]))


def _rms(samples: Samples) -> float:
    total = sum(
        float(np.square(samples[:, part], dtype=np.float64).sum())
        for part in blocks(samples.shape[1])
    )
    return float(np.sqrt(total / max(samples.size, 1)))
