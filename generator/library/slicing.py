"""Where the single sounds of a recording begin and end."""

import numpy as np
from numpy.typing import NDArray

from foley_designer.generator.engine import Samples
from foley_designer.generator.library.recording import Slice
from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.onset import Located, detect_onsets

LONGEST_S = 4.0
_APART_S = 0.12
"""Onsets closer than this belong to one sound, such as heel and toe."""
_LEAST_RISE_DB = 9.0
_RANGE_DB = 24.0
"""Sounds fainter than this under the loudest are left alone."""
_RUNG_OUT_DB = 36.0
_SHORTEST_S = 0.04
_FINE_S = 0.005
_NEXT_S = 0.006
"""A sound ends this long before the next begins."""


def cut(samples: Samples, sample_rate: int) -> tuple[tuple[Slice, ...], int]:
    """Slices of a sound in time order, and how many onsets it has in all.

    Args:
        samples: ``[channels, n]``.
        sample_rate: samples a second.
    """
    onsets = detect_onsets(samples, sample_rate)
    begins = _beginnings(onsets)
    fine = frame_power(samples, max(1, round(_FINE_S * sample_rate))) / samples.shape[0]
    levels = 10.0 * np.log10(fine + 1e-15)
    length_s = samples.shape[1] / sample_rate
    ends = [onset.time_s - _NEXT_S for onset in begins[1:]] + [length_s]
    slices = []
    for onset, end_s in zip(begins, ends, strict=True):
        limit_s = min(end_s, onset.time_s + LONGEST_S)
        if onset.rise_db < _LEAST_RISE_DB or limit_s - onset.time_s < _SHORTEST_S:
            continue
        stop_s, fall_db = _rung_out(levels, onset.time_s, limit_s)
        first, last = round(onset.time_s * sample_rate), round(stop_s * sample_rate)
        peak = float(np.abs(samples[:, first:last]).max(initial=1e-9))
        slices.append(
            Slice(
                start_s=round(onset.time_s, 6),
                end_s=round(stop_s, 4),
                peak_db=round(20.0 * float(np.log10(peak)), 2),
                rise_db=round(onset.rise_db, 2),
                fall_db=round(fall_db, 2),
            )
        )
    loudest = max((each.peak_db for each in slices), default=0.0)
    kept = tuple(each for each in slices if each.peak_db >= loudest - _RANGE_DB)
    return kept, len(onsets)


def _beginnings(onsets: list[Located]) -> list[Located]:
    """Onsets that follow no other within ``_APART_S``."""
    found: list[Located] = []
    last_s = -1.0
    for onset in onsets:
        if onset.time_s - last_s >= _APART_S:
            found.append(onset)
        last_s = onset.time_s
    return found


def _rung_out(levels: NDArray[np.float64], start_s: float, limit_s: float) -> tuple[float, float]:
    """Where the sound is ``_RUNG_OUT_DB`` under its loudest, and how far under it is there."""
    first = int(start_s / _FINE_S)
    part = levels[first : max(first + 2, int(limit_s / _FINE_S))]
    loudest = int(np.argmax(part))
    below = np.flatnonzero(part[loudest:] < part[loudest] - _RUNG_OUT_DB)
    if not len(below):
        return limit_s, float(part[loudest] - part[-4:].mean())
    stop_s = max(start_s + _SHORTEST_S, (first + loudest + below[0] + 1) * _FINE_S)
    return min(stop_s, limit_s), _RUNG_OUT_DB
