"""Events of a recording: onsets and intervals, by thresholds that follow its signal-to-noise ratio.

As the paper annotates (section 4): peaks of the level of denoised sound, thresholds adapted to the
ratio of signal to noise, and a least length and gap from which a stretch is an event of its own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.onset import Located, detect_onsets

Array = NDArray[np.float64]

FRAME_S = 0.005
LEAST_GAP_S = 0.12
"""Stretches closer than this are one event."""
LEAST_LENGTH_S = 0.03
"""Shorter stretches are clicks, unless an onset lies in them."""
_FLOOR_DB = -60.0
"""Noise is taken for no fainter than this under the loudest frames."""
_NOISE, _TOP = 10, 99
"""Percentiles of the level that stand for noise and signal."""
_SHARE = 0.35
"""Of the way from noise to signal, in dB, at which the threshold lies."""
_LEAST_OVER_DB, _MOST_UNDER_DB = 6.0, 36.0
_ONSET_UNDER_DB = 24.0
"""Attacks this far under the loudest are left to the background."""
_LEAST_RISE_DB = 9.0
"""Attacks that rise less would not be heard as such in a room."""


class Segments(NamedTuple):
    """When a recording sounds."""

    onsets_s: tuple[float, ...]
    intervals_s: tuple[tuple[float, float], ...]
    threshold_db: float
    """Level above which it counts as sounding, dBFS."""
    snr_db: float


def segment(samples: NDArray[np.float32], sample_rate: int) -> Segments:
    """Onsets and intervals of a sound.

    Args:
        samples: ``[channels, n]``.
        sample_rate: samples a second.
    """
    frame = max(1, round(FRAME_S * sample_rate))
    power = frame_power(samples, frame) / len(samples)
    levels = 10.0 * np.log10(power + 1e-12)
    if not len(levels) or levels.max() < -100.0:
        return Segments((), (), 0.0, 0.0)
    threshold, snr = adaptive_threshold(levels)
    seconds = samples.shape[1] / sample_rate
    onsets = _onsets(samples, sample_rate, levels, threshold)
    intervals = _intervals(levels > threshold, onsets, seconds)
    return Segments(onsets, intervals, threshold, snr)


def adaptive_threshold(levels_db: Array) -> tuple[float, float]:
    """Level above which frames sound, and the signal-to-noise ratio, dB.

    The threshold lies 35 % of the way from noise to signal, at least 6 dB over the noise and at
    most 36 dB under the signal. Where noise and signal are closer than 12 dB nothing but the sound
    itself is there, and the threshold lies under all of it.
    """
    top = float(np.percentile(levels_db, _TOP))
    noise = max(float(np.percentile(levels_db, _NOISE)), top + _FLOOR_DB)
    snr = top - noise
    if snr < 2.0 * _LEAST_OVER_DB:
        return min(noise - _LEAST_OVER_DB, top - 2.0 * _LEAST_OVER_DB), snr
    threshold = max(noise + max(_SHARE * snr, _LEAST_OVER_DB), top - _MOST_UNDER_DB)
    return threshold, snr


def _onsets(
    samples: NDArray[np.float32], sample_rate: int, levels: Array, threshold: float
) -> tuple[float, ...]:
    """Clear attacks that reach the threshold and lie near the loudest.

    Of several within `LEAST_GAP_S`, such as heel and toe, the clearest counts.
    """
    least = max(threshold, float(levels.max()) - _ONSET_UNDER_DB)
    found: list[Located] = []
    for onset in detect_onsets(samples, sample_rate):
        first = int(onset.time_s / FRAME_S)
        loudest = levels[first : first + round(0.06 / FRAME_S)].max(initial=-200.0)
        if onset.rise_db < _LEAST_RISE_DB or loudest < least:
            continue
        if not found or onset.time_s - found[-1].time_s >= LEAST_GAP_S:
            found.append(onset)
        elif onset.rise_db > found[-1].rise_db:
            found[-1] = onset
    return tuple(round(onset.time_s, 5) for onset in found)


def _intervals(
    sounding: NDArray[np.bool_], onsets: tuple[float, ...], seconds: float
) -> tuple[tuple[float, float], ...]:
    """Stretches of frames that sound, gaps closed, clicks left out, begun at their onset."""
    edges = np.flatnonzero(np.diff(np.r_[False, sounding, False].astype(np.int8)))
    merged: list[list[float]] = []
    for start, stop in zip(edges[::2] * FRAME_S, edges[1::2] * FRAME_S, strict=True):
        if merged and start - merged[-1][1] < LEAST_GAP_S:
            merged[-1][1] = float(stop)
        else:
            merged.append([float(start), float(stop)])
    out = []
    for start, stop in merged:
        inside = [time for time in onsets if start - 2 * FRAME_S <= time < stop]
        if stop - start < LEAST_LENGTH_S and not inside:
            continue
        begin = inside[0] if inside and inside[0] - start < 3 * FRAME_S else start
        out.append((round(begin, 5), round(min(stop, seconds), 5)))
    return tuple(out)
