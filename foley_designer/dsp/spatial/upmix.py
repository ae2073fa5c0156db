"""Stereo to 5.1 after ITU-R BS.775-4, in the order L R C LFE Ls Rs.

The centre and the surrounds are chosen freely; the front is what is left. So the recommendation's
downmix, Lo = L + 0.7071 C + 0.7071 Ls and Ro likewise, returns the stereo exactly.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.effects.filters import convolve_into
from foley_designer.dsp.effects.limiter import smooth_reduction
from foley_designer.dsp.level.gains import Samples, db_to_gain
from foley_designer.dsp.level.true_peak import peak_envelope, true_peak_db
from foley_designer.dsp.spatial.ambience import decompose

LEFT, RIGHT, CENTRE, LFE, LEFT_SURROUND, RIGHT_SURROUND = range(6)
DOWNMIX_GAIN = np.float32(np.sqrt(0.5))
"""Of centre and surrounds in Lo/Ro (BS.775-4, annex 4, table 2)."""

_SURROUND_GAIN = 0.6
_SURROUND_DIRECT = 0.4
"""Share of the ambience itself in the surrounds; the rest is decorrelated. With both gains the
energy of pure ambience grows by 0.8 dB and front and back stay nearly incoherent."""
_DECORRELATOR_TAPS = 2048
_LFE_TAPS = 4095
_LFE_EDGE_HZ = 120.0
_SEEDS = (775, 776)
_PEAK_MARGIN_DB = 0.05


def upmix(stereo: Samples, lfe_gain_db: float, ceiling_dbtp: float = -2.0) -> Samples:
    """Primary-ambient upmix: the middle to C, decorrelated ambience to Ls and Rs, the rest front.

    A source in the middle needs 3 dB more in C than it has in L and R. Where that, or a residual,
    would pass the ceiling, the whole extraction is turned down for that moment, towards L and R as
    they are; the downmix stays exact. The LFE, which no downmix contains, is turned down as a
    whole where it would pass.

    Args:
        stereo: ``[2, n]``.
        lfe_gain_db: level of the LFE against L + R below 120 Hz. It is reproduced 10 dB louder, so
            -10 dB doubles the bass.
        ceiling_dbtp: highest true peak of a channel; the stereo's own where that is higher.

    Returns:
        ``[6, n]``.
    """
    surround = np.zeros((6, stereo.shape[1]), np.float32)
    decompose(stereo, surround[CENTRE], surround[LEFT_SURROUND:])
    for channel, seed in zip((LEFT_SURROUND, RIGHT_SURROUND), _SEEDS, strict=True):
        ambience = surround[channel : channel + 1].copy()
        surround[channel] = 0.0
        convolve_into(surround[channel : channel + 1], ambience, _decorrelator(seed)[None, None])
    ceiling_dbtp = max(ceiling_dbtp, true_peak_db(stereo)) - _PEAK_MARGIN_DB
    _set_front(stereo, surround)
    _hold_peaks(stereo, surround, np.float32(db_to_gain(ceiling_dbtp)))
    surround[LFE] = low_frequency_effects(stereo, lfe_gain_db, ceiling_dbtp)
    return surround


def matrix(stereo: Samples, lfe_gain_db: float) -> Samples:
    """The paper's fixed matrix (section 3.3): L and R as they are, weighted sums elsewhere.

    The paper does not name its weights. C = (L + R) / 2 and Ls, Rs = L / 2, R / 2 keep every
    channel under the stereo's peak. The downmix does not return the stereo.

    Args:
        stereo: ``[2, n]``.
        lfe_gain_db: level of the LFE against L + R below 120 Hz (Eq. 8).

    Returns:
        ``[6, n]``.
    """
    surround = np.zeros((6, stereo.shape[1]), np.float32)
    surround[[LEFT, RIGHT]] = stereo
    surround[CENTRE] = 0.5 * (stereo[0] + stereo[1])
    surround[[LEFT_SURROUND, RIGHT_SURROUND]] = 0.5 * stereo
    surround[LFE] = low_frequency_effects(stereo, lfe_gain_db, true_peak_db(stereo))
    return surround


def downmix(surround: Samples) -> Samples:
    """Lo/Ro ``[2, n]`` of ``[6, n]`` (BS.775-4, annex 4); the LFE is left out."""
    rear = surround[[LEFT_SURROUND, RIGHT_SURROUND]]
    return np.asarray(surround[[LEFT, RIGHT]] + DOWNMIX_GAIN * (surround[CENTRE] + rear))


def low_frequency_effects(stereo: Samples, gain_db: float, ceiling_dbtp: float) -> Samples:
    """L + R below 120 Hz (120 dB down from 165 Hz), linear phase, no delay: no sum with mains dips.

    Returns:
        ``[n]``, turned down as a whole where its true peak would pass the ceiling.
    """
    low = np.zeros((1, stereo.shape[1]), np.float32)
    taps = signal.firwin(_LFE_TAPS, _LFE_EDGE_HZ, fs=SAMPLE_RATE, window=("kaiser", 12.0))
    taps = np.broadcast_to(taps * db_to_gain(gain_db), (1, 2, _LFE_TAPS))
    convolve_into(low, stereo, taps, advance=_LFE_TAPS // 2)
    excess_db = true_peak_db(low) - ceiling_dbtp
    if excess_db > 0:
        low *= np.float32(db_to_gain(-excess_db))
    return np.asarray(low[0])


def _decorrelator(seed: int) -> NDArray[np.float32]:
    """FIR of random phase and 43 ms: direct share, and noise that fades."""
    phase = np.random.default_rng(seed).uniform(-np.pi, np.pi, _DECORRELATOR_TAPS // 2 + 1)
    phase[[0, -1]] = 0.0
    noise = (
        np.fft.irfft(np.exp(1j * phase)) * np.hanning(2 * _DECORRELATOR_TAPS)[-_DECORRELATOR_TAPS:]
    )
    noise[0] = 0.0
    noise *= np.sqrt((1.0 - _SURROUND_DIRECT**2) / np.square(noise).sum())
    noise[0] = _SURROUND_DIRECT
    return np.asarray(_SURROUND_GAIN * noise, np.float32)


def _set_front(stereo: Samples, surround: Samples) -> None:
    """Left and right as the residual of what centre and surrounds take."""
    for part in blocks(stereo.shape[1]):
        rear = surround[LEFT_SURROUND:, part]
        surround[:2, part] = stereo[:, part] - DOWNMIX_GAIN * (surround[CENTRE, part] + rear)


def _hold_peaks(stereo: Samples, surround: Samples, ceiling: np.float32) -> None:
    """Turn the extraction down where a channel would pass the ceiling.

    With the extraction at a gain κ a front channel is (1 - κ) of the stereo and κ of the full
    residual, so its peak is at most that mean of theirs.
    """
    allowed = np.ones(stereo.shape[1], np.float32)
    for row in (CENTRE, LEFT_SURROUND, RIGHT_SURROUND):
        peaks = peak_envelope(surround[row : row + 1], float(ceiling))
        np.divide(ceiling, np.maximum(peaks, ceiling, out=peaks), out=peaks)
        np.minimum(allowed, peaks, out=allowed)
    for row in (LEFT, RIGHT):
        peaks = peak_envelope(surround[row : row + 1], float(ceiling))
        over = np.flatnonzero(peaks > ceiling)
        if len(over):
            own = np.minimum(peak_envelope(stereo[row : row + 1])[over], ceiling)
            allowed[over] = np.minimum(allowed[over], (ceiling - own) / (peaks[over] - own))
    if allowed.min() < 1.0:
        gain = smooth_reduction(allowed)
        for row in (CENTRE, LEFT_SURROUND, RIGHT_SURROUND):
            surround[row] *= gain
        _set_front(stereo, surround)
