"""Where the single sounds of a recording begin and end.

A sound is what an editor would cut as one: from where it sets in until it has rung out, whatever
goes on inside. A pane that breaks, a shot with its echoes and a door with its latch have many
onsets and are one sound; steps and knocks are several, since each has nearly died away before the
next one comes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.generator.engine import Samples
from foley_designer.generator.library.recording import Slice
from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.onset import Located, detect_onsets

LONGEST_S = 10.0
"""What goes on longer without dying away is a texture and no single sound."""
APART_S = 0.25
"""Onsets closer than this belong to one sound, such as heel and toe, or a shot and its echo."""
FALL_DB, SILENT_S = 40.0, 0.06
"""A sound that has been so far under its loudest, or down in the recording's own noise, for so
long before another sets in is over. Lowering either cuts sounds up."""
SERIES, SERIES_FALL_DB, SERIES_APART_S = 4, 12.0, 0.12
"""So many onsets of like level, each after such a fall and evenly apart, are a series: steps in a
hall, which never is silent between them."""
UNEVEN = 0.3
"""Spread of a series' gaps over their mean, at most: walking has .1, the echoes of thunder .6."""
LIKE_DB = 10.0
"""Onsets within this of the loudest are of like level."""
TAIL_DB = 16.0
"""What follows a sound and is softer than it by more than this is its tail: debris, an echo."""
RANGE_DB = 24.0
"""Sounds fainter than this under the loudest are left alone."""
RUNG_OUT_DB = 55.0
FLOOR_DB = 4.0
"""Nearer than this to the recording's own noise, a sound is over."""
_LEAST_RISE_DB = 9.0
_LEAST_FALL_DB = 24.0
"""A sound is followed down to here, whatever the noise."""
_SHORTEST_S = 0.02
_FRAME_S = 0.005
_PAD_S = 0.1
"""Silence set before a recording, so that one trimmed to its attack has an onset too."""
_PEAK_S = 0.06
"""From an onset to its loudest frame, at most."""
_NEXT_S = 0.006
"""A sound ends this long before the next begins."""
_SWELL_SHARE = 0.02
"""Energy before the onset from which a sound counts as swelling and begins with its swell."""


class _Rule(NamedTuple):
    """When one sound is over and another begins."""

    fall_db: float
    apart_s: float
    silent_s: float


class _Levels(NamedTuple):
    """Level over time."""

    db: NDArray[np.float64]
    """dBFS of frames of 5 ms."""
    floor_db: float
    """Of the recording's noise."""

    def top(self, start_s: float, end_s: float) -> float:
        """Loudest frame of a stretch."""
        return float(self.db[self.span(start_s, end_s)].max())

    def fallen(self, start_s: float, end_s: float, under_db: float, lasting_s: float) -> bool:
        """Whether a stretch holds one, of so many seconds at least, that is all under a level."""
        quiet = self.db[self.span(start_s, end_s)] < max(under_db, self.floor_db + FLOOR_DB)
        edges = np.flatnonzero(np.diff(np.r_[False, quiet, False].astype(np.int8)))
        longest = int(np.max(edges[1::2] - edges[::2], initial=0))
        return longest >= max(1, round(lasting_s / _FRAME_S))

    def span(self, start_s: float, end_s: float) -> slice:
        """Frames of a stretch, one at least."""
        first = min(int(start_s / _FRAME_S), len(self.db) - 1)
        return slice(first, max(first + 1, int(np.ceil(end_s / _FRAME_S))))


def cut(samples: Samples, sample_rate: int) -> tuple[tuple[Slice, ...], int]:
    """Slices of a sound in time order, and how many onsets it has in all.

    Args:
        samples: ``[channels, n]``.
        sample_rate: samples a second.
    """
    pad = round(_PAD_S * sample_rate)
    padded = np.pad(samples, ((0, 0), (pad, 0)))
    onsets = detect_onsets(padded, sample_rate)
    levels = _levels(padded, sample_rate)
    length_s = padded.shape[1] / sample_rate
    begins = _beginnings(onsets, levels, length_s)
    ends = [onset.time_s - _NEXT_S for onset in begins[1:]] + [length_s]
    slices = []
    earliest_s = 0.0
    for onset, limit_s in zip(begins, ends[: len(begins)], strict=True):
        found = _slice(padded, sample_rate, onset, (earliest_s, limit_s), levels)
        if found is not None:
            slices.append(found)
            earliest_s = found.end_s + _PAD_S
    loudest = max((each.peak_db for each in slices), default=0.0)
    kept = tuple(each for each in slices if each.peak_db >= loudest - RANGE_DB)
    return kept, len(onsets)


def _levels(samples: Samples, sample_rate: int) -> _Levels:
    power = frame_power(samples, max(1, round(_FRAME_S * sample_rate))) / samples.shape[0]
    db = 10.0 * np.log10(power + 1e-15)
    sounding = db[round(_PAD_S / _FRAME_S) :]
    return _Levels(db, float(np.percentile(sounding, 5)) if len(sounding) else -150.0)


def _beginnings(onsets: list[Located], levels: _Levels, length_s: float) -> list[Located]:
    """The onsets with which a new sound begins."""
    clear = [each for each in onsets if each.rise_db >= _LEAST_RISE_DB]
    if not clear:  # it swells: one sound, if it also dies away
        loud = np.flatnonzero(levels.db >= levels.db.max() - 40.0)
        return [Located(float(loud[0]) * _FRAME_S, 0.0)]
    tops = [levels.top(each.time_s, min(each.time_s + _PEAK_S, length_s)) for each in clear]
    series = _splits(clear, tops, levels, _Rule(SERIES_FALL_DB, SERIES_APART_S, 0.0))
    like = [each for each in series if tops[each] >= max(tops) - LIKE_DB]
    chosen = (
        like
        if _is_series([clear[each].time_s for each in like])
        else _splits(clear, tops, levels, _Rule(FALL_DB, APART_S, SILENT_S))
    )
    return [clear[each] for each in chosen]


def _is_series(times_s: list[float]) -> bool:
    """Whether sounds follow one another evenly: what is struck in a rhythm is many sounds."""
    gaps = np.diff(times_s)
    return len(times_s) >= SERIES and bool(np.std(gaps) <= UNEVEN * np.mean(gaps))


def _splits(onsets: list[Located], tops: list[float], levels: _Levels, rule: _Rule) -> list[int]:
    """Which onsets begin a sound: the first, and those before which the last one had fallen."""
    found = [0]
    loudest = tops[0]
    for at in range(1, len(onsets)):
        before, here = onsets[found[-1]].time_s, onsets[at].time_s
        loudest = max(loudest, levels.top(before, here))
        fallen = levels.fallen(before, here, loudest - rule.fall_db, rule.silent_s)
        if here - before >= rule.apart_s and fallen and tops[at] >= loudest - TAIL_DB:
            found.append(at)
            loudest = tops[at]
    return found


def _slice(
    samples: Samples,
    sample_rate: int,
    onset: Located,
    within_s: tuple[float, float],
    levels: _Levels,
) -> Slice | None:
    """One sound of the padded recording, in the recording's own time; None for a texture."""
    stop_s, fall_db = _rung_out(levels, onset.time_s, within_s[1])
    if stop_s - onset.time_s > LONGEST_S or (not onset.rise_db and fall_db < _LEAST_FALL_DB):
        return None
    start_s = max(_with_swell(samples, sample_rate, onset.time_s, stop_s, levels), within_s[0])
    if stop_s - start_s < _SHORTEST_S:
        return None
    first, last = round(start_s * sample_rate), round(stop_s * sample_rate)
    peak = float(np.abs(samples[:, first:last]).max(initial=1e-9))
    return Slice(
        start_s=round(max(start_s - _PAD_S, 0.0), 6),
        end_s=round(stop_s - _PAD_S, 4),
        peak_db=round(20.0 * float(np.log10(peak)), 2),
        rise_db=round(onset.rise_db, 2),
        fall_db=round(fall_db, 2),
    )


def _with_swell(
    samples: Samples, sample_rate: int, onset_s: float, stop_s: float, levels: _Levels
) -> float:
    """Where a sound begins: at its onset, or where it starts to swell if much lies before that."""
    part = levels.db[: levels.span(onset_s, onset_s).start + 1]
    threshold = max(levels.top(onset_s, stop_s) - 40.0, levels.floor_db + FLOOR_DB)
    below = np.flatnonzero(part < threshold)
    swell_s = (below[-1] + 1) * _FRAME_S if len(below) else 0.0
    edges = [round(each * sample_rate) for each in (swell_s, onset_s, stop_s)]
    before, whole = (
        float(np.square(samples[:, edges[0] : edge], dtype=np.float64).sum()) for edge in edges[1:]
    )
    return min(swell_s, onset_s) if before > _SWELL_SHARE * whole else onset_s


def _rung_out(levels: _Levels, start_s: float, limit_s: float) -> tuple[float, float]:
    """Where the sound has died away, and how far under its loudest it is there."""
    span = levels.span(start_s, limit_s)
    part = levels.db[span]
    loudest = int(np.argmax(part))
    top = float(part[loudest])
    threshold = max(top - RUNG_OUT_DB, min(levels.floor_db + FLOOR_DB, top - _LEAST_FALL_DB))
    loud = np.flatnonzero(part >= threshold)
    stop_s = min((span.start + int(loud[-1]) + 1) * _FRAME_S, limit_s)
    tail = part[loud[-1] + 1 : loud[-1] + 5]
    return stop_s, top - float(tail.mean() if len(tail) else part[-4:].mean())
