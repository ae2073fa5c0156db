"""Mastering of reels: as `foley_designer.dsp.level.master`, in windows that memory can hold."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.gains import SILENCE_DB, Samples, db_to_gain
from foley_designer.dsp.level.loudness import LoudnessMeter
from foley_designer.dsp.level.master import MAX_GAIN_DB, MAX_LIMITING_DB, TOLERANCE_LU
from foley_designer.dsp.spatial.upmix import upmix

WINDOW_S = 20.0
"""Seconds that are processed at once."""
CONTEXT_S = 0.5
"""Seconds before and after a window that are processed with it: 25 times the limiter's release."""
JOIN_S = 0.25
"""Crossfade between two windows of a surround upmix."""
_MARGIN_DB = 0.1
_ROUNDS = 4

Source = Callable[[], Iterable[Samples]]
"""Gives a signal's blocks ``[channels, m]``, each time from the beginning."""


class LongMaster(NamedTuple):
    """What a reel's master needs to be written."""

    gain_db: float
    ceiling_dbtp: float
    loudness: MixLoudness


def measure_blocks(signal: Iterable[Samples], layout: str = "stereo") -> MixLoudness:
    """Loudness of a signal that comes in blocks."""
    meter = LoudnessMeter("5.1" if layout == "5.1" else "stereo")
    for block in signal:
        meter.push(block)
    return meter.result()


def find_master(premaster: Source, target: LoudnessTarget, offset_db: float = 0.0) -> LongMaster:
    """The gain that brings a premaster to a target's loudness; the peak wins, as in `master`."""
    nominal, limit_dbtp = LOUDNESS[target]
    ceiling = limit_dbtp - _MARGIN_DB
    before = measure_blocks(premaster())
    peak = SILENCE_DB if before.true_peak_dbtp is None else before.true_peak_dbtp
    most = min(MAX_GAIN_DB, ceiling + MAX_LIMITING_DB - peak)
    if nominal is None or before.integrated_lufs is None:
        gain_db = min(offset_db, most)
        return LongMaster(gain_db, ceiling, measure_blocks(limited(premaster(), gain_db, ceiling)))
    wanted = nominal + offset_db
    gain_db = min(wanted - before.integrated_lufs, most)
    for _ in range(_ROUNDS):
        loudness = measure_blocks(limited(premaster(), gain_db, ceiling))
        reached = loudness.integrated_lufs
        short = 0.0 if reached is None else wanted - reached
        if short <= TOLERANCE_LU / 2 or gain_db >= most:
            break
        gain_db = min(gain_db + short, most)
    return LongMaster(gain_db, ceiling, loudness)


def limited(signal: Iterable[Samples], gain_db: float, ceiling_dbtp: float) -> Iterator[Samples]:
    """A signal at a gain, its true peak held, window by window."""
    gain = np.float32(db_to_gain(gain_db))
    for window, inner in windows(signal):
        yield limit(window * gain, ceiling_dbtp).samples[:, inner]


def upmixed(
    signal: Iterable[tuple[Samples, slice]], lfe_gain_db: float, ceiling_dbtp: float
) -> Iterator[tuple[Samples, Samples]]:
    """The 5.1 of a stereo signal's windows with crossfades; the downmix stays exact.

    Args:
        signal: as `windows` gives it.
        lfe_gain_db: as `upmix` takes it.
        ceiling_dbtp: as `upmix` takes it.

    Yields:
        Each window joined with the one before it, and what follows it, to be joined with the next.
    """
    join = round(JOIN_S * SAMPLE_RATE)
    tail: Samples | None = None
    for window, inner in signal:
        surround = upmix(window, lfe_gain_db, ceiling_dbtp)
        part = surround[:, inner].copy()
        if tail is not None:
            count = min(tail.shape[1], part.shape[1])
            part[:, :count] = joined(tail[:, :count], part[:, :count])
        tail = surround[:, inner.stop : inner.stop + join]
        yield part, tail


def joined(before: Samples, after: Samples) -> Samples:
    """A crossfade of two windows where both are there, ``[channels, n]`` each."""
    ramp = np.linspace(0.0, 1.0, after.shape[1], dtype=np.float32)
    return np.asarray(before * (1 - ramp) + after * ramp)


class Window(NamedTuple):
    """Where a window lies, in samples, and its context around it."""

    first: int
    start: int
    stop: int
    last: int

    @property
    def inner(self) -> slice:
        """Where the window itself lies in what is read of it."""
        return slice(self.start - self.first, self.stop - self.first)


def window_bounds(total: int) -> list[Window]:
    """The windows that `windows` cuts a signal of ``total`` samples into."""
    size, context = round(WINDOW_S * SAMPLE_RATE), round(CONTEXT_S * SAMPLE_RATE)
    starts = [0]
    while total - starts[-1] >= size + context:
        starts.append(starts[-1] + size)
    ends = [*starts[1:], total]
    return [
        Window(max(0, start - context), start, stop, min(total, stop + context))
        for start, stop in zip(starts, ends, strict=True)
    ]


def windows(signal: Iterable[Samples]) -> Iterator[tuple[Samples, slice]]:
    """Windows of a signal with context on both sides, and where in each the window itself lies."""
    size, context = round(WINDOW_S * SAMPLE_RATE), round(CONTEXT_S * SAMPLE_RATE)
    held: list[Samples] = []
    before: Samples | None = None
    for block in signal:
        held.append(block)
        while sum(one.shape[1] for one in held) >= size + context:
            joined = np.concatenate(held, axis=1)
            yield _window(before, joined[:, : size + context], size)
            before, held = joined[:, size - context : size], [joined[:, size:]]
    joined = np.concatenate(held, axis=1) if held else np.zeros((2, 0), np.float32)
    if joined.shape[1]:
        yield _window(before, joined, joined.shape[1])


def _window(before: Samples | None, rest: Samples, size: int) -> tuple[Samples, slice]:
    lead = 0 if before is None else before.shape[1]
    whole = rest if before is None else np.concatenate([before, rest], axis=1)
    return np.ascontiguousarray(whole), slice(lead, lead + size)
