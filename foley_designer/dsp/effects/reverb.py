"""Reverberation: the early pattern and late tail of a space, as one stereo-to-stereo FIR.

Early reflections are the first and second-order images of a box of the space's size (Allen &
Berkley, JASA 65(4), 1979), panned by where they come from. The tail is Gaussian noise, independent
for each of the four paths, decaying exponentially in each frequency at its own rate (J. A. Moorer,
"About this reverberation business", CMJ 3(2), 1979). Their balance follows from M. Barron & L. Lee
(JASA 84(2), 1988): reverberant energy decays from 31200 T/V against 100/r² of the direct sound.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.space import ACOUSTICS, Acoustics
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.effects.filters import convolve_into
from foley_designer.dsp.level.gains import Samples, db_to_gain

_SOUND_SPEED = 343.0
_DECAY = 3.0 * np.log(10.0)
"""An amplitude falls by e to the minus this over one reverberation time."""
_SEED = 1961
_FRAME, _HOP = 512, 128
_FLOOR = (0, 0, -1)
"""The floor's own echo is left out: it is part of a near sound, and would only comb it."""
_STEREO_BASE_DEG = 30.0
_LATEST_MIXING_S = 0.08


def reverberate(samples: Samples, reverb: Reverb) -> Samples:
    """Add a space to a stem; the dry sound stays as it is, onsets included.

    Args:
        samples: ``[2, n]``.
        reverb: its ``wet_db`` is the energy of the reverberation relative to the dry sound's, in
            this stem.

    Returns:
        ``[2, n]``; what would ring past the end is cut.
    """
    # Its level is set below, so that one space's stems share one response.
    response = impulse_response(reverb.model_copy(update={"wet_db": 0.0}))
    count = samples.shape[1]
    # The tail past the end counts: else a hit just before it would drown in its reverberation.
    wet = np.zeros((2, count + response.shape[-1]), np.float32)
    convolve_into(wet, samples, response)
    dry_energy, wet_energy = _energy(samples), _energy(wet)
    wet = wet[:, :count]
    if wet_energy > 0:
        wet *= np.float32(db_to_gain(reverb.wet_db) * np.sqrt(dry_energy / wet_energy))
    wet += samples
    return wet


@lru_cache(maxsize=4)
def impulse_response(reverb: Reverb) -> NDArray[np.float32]:
    """``[2 out, 2 in, taps]`` without the direct sound; total energy 2, that is 1 an input.

    The first tap is the instant of the direct sound. The first reflection comes after the plan's
    predelay or, where that is 0, after the delay of the space's nearest wall.
    """
    acoustics = ACOUSTICS[reverb.space]
    echoes = _echoes(acoustics, reverb.rt60_s)
    first_s = min(0.2 * reverb.rt60_s, *(echo.delay_s for echo in echoes))
    early = _early(echoes, reverb.damping)
    late = _late(acoustics, reverb, first_s)
    lead = int(first_s * SAMPLE_RATE)
    start = round(reverb.predelay_ms * 1e-3 * SAMPLE_RATE) or lead
    response = np.zeros((2, 2, start + max(early.shape[-1], late.shape[-1]) - lead))
    for part in (early, late):
        response[..., start : start + part.shape[-1] - lead] += part[..., lead:]
    normal = np.asarray(response * np.sqrt(2.0 / np.square(response).sum()), np.float32)
    normal.setflags(write=False)  # it is shared by all that ask for the same space
    return normal


def _energy(samples: Samples) -> float:
    return sum(
        float(np.square(samples[:, part], dtype=np.float64).sum())
        for part in blocks(samples.shape[1])
    )


def geometry(acoustics: Acoustics) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Box ``[3]`` and listener ``[3]`` in metres (x ahead, y left, z up), and source distance."""
    size = np.array(acoustics.size_m)
    listener = size * (0.37, 0.46, 0.0)
    listener[2] = min(1.6, 0.6 * size[2])
    return size, listener, float(min(3.0, 0.3 * size[:2].min()))


class _Echo(NamedTuple):
    """One image of a loudspeaker's source."""

    channel: int
    bounces: int
    delay_s: float
    """After the direct sound."""
    gain: float
    """Relative to the direct sound."""
    pan: float
    """0 from the right, 1 from the left."""


def _echoes(acoustics: Acoustics, rt60_s: float) -> list[_Echo]:
    """Images of first and second order; walls take what the reverberation time says."""
    size, listener, distance = geometry(acoustics)
    upward = (-1, 0) if acoustics.outdoors else range(-2, 3)  # outdoors there is only the ground
    orders = [
        np.array(order)
        for order in product(range(-2, 3), range(-2, 3), upward)
        if 0 < np.abs(order).sum() <= 2 and order != _FLOOR
    ]
    echoes = []
    for channel, side in enumerate((1, -1)):
        angle = np.deg2rad(side * _STEREO_BASE_DEG)
        source = listener + distance * np.array([np.cos(angle), np.sin(angle), 0.0])
        for order in orders:
            mirrored = np.where(order % 2 == 0, source, size - source) + order * size
            path = mirrored - listener
            length = float(np.linalg.norm(path))
            delay_s = (length - distance) / _SOUND_SPEED
            gain = np.exp(-_DECAY * delay_s / rt60_s) * distance / length
            pan = 0.5 + 0.5 * path[1] / length
            echoes.append(_Echo(channel, int(np.abs(order).sum()), delay_s, gain, pan))
    return echoes


def _early(echoes: list[_Echo], damping: float) -> NDArray[np.float64]:
    """Image pattern ``[2, 2, taps]`` in units of the direct sound, duller with each bounce."""
    taps = int(max(echo.delay_s for echo in echoes) * SAMPLE_RATE) + 256
    patterns = np.zeros((3, 2, 2, taps))
    for echo in echoes:
        at = max(round(echo.delay_s * SAMPLE_RATE), 1)
        sides = np.sqrt([echo.pan, 1.0 - echo.pan])
        patterns[echo.bounces, :, echo.channel, at] += echo.gain * sides
    pole = 0.7 * damping
    total = np.zeros((2, 2, taps))
    for pattern in patterns[:0:-1]:
        total = signal.lfilter([1.0 - pole], [1.0, -pole], total + pattern)
    return total


def _late(acoustics: Acoustics, reverb: Reverb, first_s: float) -> NDArray[np.float64]:
    """Diffuse tail ``[2, 2, taps]`` in units of the direct sound, down to -60 dB."""
    size, _, distance = geometry(acoustics)
    volume, rt60 = float(size.prod()), reverb.rt60_s
    taps = round(rt60 * SAMPLE_RATE)
    noise = np.random.default_rng(_SEED).standard_normal((2, 2, taps))
    frequencies, times, spectrum = signal.stft(
        noise, SAMPLE_RATE, nperseg=_FRAME, noverlap=_FRAME - _HOP
    )
    octaves = np.maximum(0.0, np.log2(np.maximum(frequencies, 1.0) / 1000.0))
    decay_s = rt60 / (1.0 + reverb.damping * octaves)
    spectrum *= np.exp(-_DECAY * times / decay_s[:, None])
    tail = signal.istft(spectrum, SAMPLE_RATE, nperseg=_FRAME, noverlap=_FRAME - _HOP)[1]
    tail = tail[..., :taps]
    # 31200 T/V e^(-13.8 t/T) of energy remains after t; its density at 0 is 13.8/T of that.
    density = 312.0 * rt60 / volume * distance**2 * 13.8 / rt60
    mixing_s = min(1e-3 * np.sqrt(volume), _LATEST_MIXING_S) + first_s
    seconds = np.arange(taps) / SAMPLE_RATE
    rise = np.clip((seconds - first_s) / (mixing_s - first_s), 0.0, 1.0)
    fall = np.clip((rt60 - seconds) / (0.1 * rt60), 0.0, 1.0)
    # Two paths of independent noise reach each ear.
    return np.asarray(tail * np.sqrt(0.5 * density / SAMPLE_RATE * rise) * fall)
