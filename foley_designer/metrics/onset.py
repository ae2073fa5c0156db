"""Onsets: found in a sound, located to the sample, and matched with those that were cued."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.metrics.activity import frame_power

Array = NDArray[np.float64]

_FRAME_S = 0.001
_BEFORE_S, _AFTER_S = 0.015, 0.008
_RISE_DB = 6.0
_APART_S = 0.04
_FLOOR_DB = -60.0
"""Under a window's loudest sample; fainter is silence to the picker."""
_DETECTION_FLOOR_DB = -45.0
"""Under the loudest frame; rises from below it start here."""
_LOOK_S = 0.02
_REACH_S = 0.04


class Located(NamedTuple):
    """One onset."""

    time_s: float
    rise_db: float
    """Power of the 8 ms after over the 15 ms before."""


def detect_onsets(samples: NDArray[np.float32], sample_rate: int) -> list[Located]:
    """Onsets in time order: rises of power, in all frequencies or in the highs, by 6 dB.

    Args:
        samples: ``[channels, n]``.
        sample_rate: samples a second.
    """
    frame = max(1, round(_FRAME_S * sample_rate))
    rise = np.maximum(
        _rises(frame_power(samples, frame)), _rises(frame_power(samples, frame, differenced=True))
    )
    found: list[Located] = []
    reach = round(_APART_S / _FRAME_S)
    for peak in np.flatnonzero(rise >= _RISE_DB):
        around = rise[max(0, peak - reach) : peak + reach + 1]
        if rise[peak] < around.max() or (found and peak * _FRAME_S - found[-1].time_s < _APART_S):
            continue
        located = locate_onset(samples, sample_rate, peak * _FRAME_S)
        if located and (not found or located.time_s > found[-1].time_s + _APART_S / 2):
            found.append(located)
    return found


def locate_onset(
    samples: NDArray[np.float32],
    sample_rate: int,
    near_s: float,
    *,
    before_s: float = _LOOK_S,
    after_s: float = _REACH_S,
) -> Located | None:
    """The sample at which a sound sets in, looked for around an instant.

    The Akaike picker of seismic arrivals (Maeda, Zisin 38, 1985): the split of the window, up to
    its loudest sample, into two stretches of constant variance, for the wave and its first
    difference together.

    Args:
        samples: ``[channels, n]``.
        sample_rate: samples a second.
        near_s: where it is expected.
        before_s: how far back to look.
        after_s: how far on to look.

    Returns:
        None if nothing sounds in the window.
    """
    start = max(0, round((near_s - before_s) * sample_rate))
    stop = min(samples.shape[1], round((near_s + after_s) * sample_rate))
    if stop - start < 8:
        return None
    window = samples[:, start:stop].astype(np.float64)
    power = np.sum(window**2, axis=0)
    highs = np.sum(np.diff(window, axis=1, prepend=window[:, :1]) ** 2, axis=0)
    if power.max() < 1e-14:
        return None
    end = min(len(power), int(np.argmax(power)) + max(8, round(0.002 * sample_rate)))
    split = int(np.argmin(_akaike(power[:end]) + _akaike(highs[:end]))) + 1
    return Located((start + split) / sample_rate, _rise_at(samples, sample_rate, start + split))


def _akaike(power: Array) -> Array:
    """AIC of every split after sample k, ``[n - 1]``."""
    floor = power.max() * 10.0 ** (_FLOOR_DB / 10.0) + 1e-30
    sums = np.cumsum(power + floor)
    count = np.arange(1, len(power))
    rest = len(power) - count
    result: Array = count * np.log(sums[:-1] / count) + rest * np.log((sums[-1] - sums[:-1]) / rest)
    return result


def _rise_at(samples: NDArray[np.float32], sample_rate: int, split: int) -> float:
    before = samples[:, max(0, split - round(_BEFORE_S * sample_rate)) : split]
    after = samples[:, split : split + round(_AFTER_S * sample_rate)]
    rises = []
    for pair in ((before, after), (np.diff(before, axis=1), np.diff(after, axis=1))):
        quiet, loud = (float(np.mean(x.astype(np.float64) ** 2)) if x.size else 0.0 for x in pair)
        rises.append(10.0 * np.log10((loud + 1e-15) / (quiet + 1e-9 * loud + 1e-15)))
    return float(max(rises))


def _rises(power: Array) -> Array:
    """Rise of level at each frame, dB, against a floor under the loudest frame."""
    before, after = round(_BEFORE_S / _FRAME_S), round(_AFTER_S / _FRAME_S)
    floor = power.max(initial=0.0) * 10.0 ** (_DETECTION_FLOOR_DB / 10.0) + 1e-15
    sums = np.cumsum(np.r_[np.zeros(before + 1), power, np.zeros(after)])
    here = np.arange(len(power)) + before
    past = (sums[here] - sums[here - before]) / before
    future = (sums[here + after] - sums[here]) / after
    result: Array = 10.0 * np.log10((future + floor) / (past + floor))
    return result


def match_onsets(
    reference_s: Sequence[float], estimate_s: Sequence[float], tolerance_s: float
) -> list[tuple[int, int]]:
    """A largest one-to-one matching of onsets no further apart than the tolerance.

    In time order, each reference takes the earliest free estimate in reach: on a line with one
    tolerance that is a maximum bipartite matching.

    Returns:
        Pairs of indices into the two ascending sequences.
    """
    pairs: list[tuple[int, int]] = []
    free = 0
    for index, time in enumerate(reference_s):
        while free < len(estimate_s) and estimate_s[free] < time - tolerance_s:
            free += 1
        if free < len(estimate_s) and estimate_s[free] <= time + tolerance_s:
            pairs.append((index, free))
            free += 1
    return pairs


def onset_f1(
    reference_s: Sequence[float], estimate_s: Sequence[float], tolerance_s: float = 0.05
) -> tuple[float, float, float]:
    """F1, precision and recall; equal to ``mir_eval.onset.f_measure``; all 0 if one is empty."""
    if not reference_s or not estimate_s:
        return 0.0, 0.0, 0.0
    hits = len(match_onsets(reference_s, estimate_s, tolerance_s))
    precision, recall = hits / len(estimate_s), hits / len(reference_s)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return f1, precision, recall


SHIFTS = 20
LEAST_SHIFT_S = 0.15
"""Least time by which onsets are moved for chance: beyond any tolerance in use."""


def onset_f1_beyond(
    reference_s: Sequence[float],
    estimate_s: Sequence[float],
    duration_s: float,
    tolerance_s: float,
    *,
    neutral_s: Sequence[float] = (),
    seed: int = 0,
) -> tuple[float, float]:
    """F1, and how much of it is more than chance.

    Chance is the mean F1 of the same onsets turned round the clip by `SHIFTS` random times: dense
    playing against dense playing comes near to 1 by chance alone.

    Args:
        reference_s: onsets that count, ascending.
        estimate_s: onsets found, ascending.
        duration_s: of the clip.
        tolerance_s: by which they may differ.
        neutral_s: onsets that neither help nor hurt: what matches one of them alone is passed over.
        seed: of the random times.
    """
    rng = np.random.default_rng(seed)
    most = max(duration_s - LEAST_SHIFT_S, LEAST_SHIFT_S)
    own = _f1_without(reference_s, estimate_s, neutral_s, tolerance_s)
    chance = []
    for shift in rng.uniform(LEAST_SHIFT_S, most, SHIFTS):
        moved = sorted((time + shift) % duration_s for time in estimate_s)
        chance.append(_f1_without(reference_s, moved, neutral_s, tolerance_s))
    return own, own - float(np.mean(chance))


def _f1_without(
    reference: Sequence[float], estimate: Sequence[float], neutral: Sequence[float], reach: float
) -> float:
    hits = {found for _, found in match_onsets(reference, estimate, reach)}
    idle = {found for _, found in match_onsets(neutral, estimate, reach)} - hits
    kept = [time for index, time in enumerate(estimate) if index not in idle]
    return onset_f1(reference, kept, reach)[0]
