"""Who performs an item: the synthesis engine, given an event, or a recording, which is its own."""

from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, SourceKind, Span
from foley_designer.core.script.sound_event import (
    Source as EventSource,
)
from foley_designer.core.sounds.model import Action, SoundClass
from foley_designer.filmstereo.cleaning import UNLIKE_DB, clean, event_distance_db, looped
from foley_designer.filmstereo.plan import SIZES, Task
from foley_designer.filmstereo.sources import Kind
from foley_designer.generator.engine import Dry, Engine
from foley_designer.generator.synth.physics.engine import HIT_RANGE_DB, SynthEngine
from foley_designer.metrics.segments import segment

_SPREAD = (0.6, 1.5)
"""Shortest and longest time between hits, in paces of the sound."""
_LAST_S = 0.5
"""No hit comes later than this before the end."""
_LEAST_SPAN_S = 0.1


class Cast(NamedTuple):
    """An event and the engine that performs it."""

    event: SoundEvent
    engine: Engine


class UnfitError(Exception):
    """A source that can't be used, and why."""


def cast(task: Task, rng: np.random.Generator) -> Cast:
    """The event of a task and its performer.

    Raises:
        UnfitError: the recording holds several events, or nothing that sounds.
        FoleyError: ``sound_unreadable``.
    """
    if task.source.kind is Kind.SYNTHESIS:
        return Cast(_told(task, rng), SynthEngine())
    return _recorded(task, rng)


def _told(task: Task, rng: np.random.Generator) -> SoundEvent:
    """An event to be synthesised: hits at a likely pace, or one long span."""
    placing = task.placing
    play = task.source.performance.model_copy(
        update={"size": SIZES[placing.size], "force": placing.force}
    )
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    if task.source.row.impulsive:
        times = _times(task.source.row, placing.seconds, rng)
        strengths = rng.uniform(0.45, 1.0, len(times))
        hits = tuple(
            Hit(time_s=round(time, 5), strength=round(float(strength), 3))
            for time, strength in zip(times, strengths, strict=True)
        )
    else:
        start, end = rng.uniform(0.1, 0.25), rng.uniform(0.75, 0.97)
        if placing.around:
            start, end = 0.0, 1.0
        spans = (
            Span(
                start_s=round(start * placing.seconds, 4),
                end_s=round(end * placing.seconds, 4),
                intensity=round(float(rng.uniform(0.6, 1.0)), 3),
            ),
        )
    return _event(task, hits, spans).model_copy(update={"performance": play})


def _times(sound: SoundClass, seconds: float, rng: np.random.Generator) -> list[float]:
    """Hits at a likely pace: steps keep theirs through an item, others scatter around it."""
    first = float(rng.uniform(0.15, 0.25 * seconds))
    low, high = (share * (sound.pace_s or 1.0) for share in _SPREAD)
    gaps = rng.uniform(low, high, 60)
    if sound.action is Action.STEPS:
        gaps = rng.uniform(low, high) * rng.normal(1.0, 0.04, 60).clip(0.9, 1.1)
    times = [time for time in accumulate(gaps.tolist(), initial=first) if time < seconds - _LAST_S]
    if sound.repeats and len(times) > 3 and rng.random() < 0.3:
        times = times[: int(rng.integers(1, len(times)))]  # some stop early
    return times


class _Recording:
    """A prepared recording as an engine: it performs its own event, whatever it is given."""

    name = "recording"
    version = "1"

    def __init__(self, dry: Dry, start_s: float) -> None:
        self._dry = dry
        self._start_s = start_s

    def supports(self, event: SoundEvent) -> float:  # noqa: ARG002 - an engine's signature
        return 1.0

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:  # noqa: ARG002
        """The recording, moved so that it begins where the event does in the source's own time."""
        shift = round((event.start_s - self._start_s) * SAMPLE_RATE)
        samples = np.roll(np.pad(self._dry.samples, ((0, 0), (0, abs(shift)))), shift, axis=1)
        room = max(0, sample_count - samples.shape[1])
        return Dry(np.pad(samples, ((0, 0), (0, room)))[:, :sample_count], self._dry.credits)


def _recorded(task: Task, rng: np.random.Generator) -> Cast:
    source = task.source
    impulsive = source.row.impulsive
    assert source.path is not None
    try:
        cleaned = clean(Path(source.path), impulsive=impulsive, denoise_db=task.making.denoise_db)
    except ValueError as error:
        raise UnfitError(str(error)) from error
    apart = event_distance_db(cleaned)
    if impulsive and apart > UNLIKE_DB:
        raise UnfitError(f"it holds several events: two segments lie {apart:.1f} dB apart")
    samples = looped(cleaned, task.placing.seconds, rng)
    found = segment(samples, SAMPLE_RATE)
    last = task.placing.seconds - 0.05
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    if impulsive:
        onsets = [time for time in found.onsets_s if time < last]
        hits = tuple(_hit(samples, time) for time in onsets)
    else:
        spans = tuple(
            Span(start_s=start, end_s=end)
            for start, end in found.intervals_s
            if end - start >= _LEAST_SPAN_S
        )
    if not hits and not spans:
        raise UnfitError("no attack stands out of it")
    event = _event(task, hits, spans)
    return Cast(event, _Recording(Dry(samples, (source.credit,)), event.start_s))


def _hit(samples: np.ndarray, time_s: float) -> Hit:
    first = round(time_s * SAMPLE_RATE)
    peak = float(np.abs(samples[0, first : first + SAMPLE_RATE // 20]).max(initial=1e-6))
    loudest = float(np.abs(samples).max(initial=1e-6))
    return Hit(
        time_s=time_s,
        strength=float(np.clip(1 + 20 * np.log10(peak / loudest) / HIT_RANGE_DB, 0, 1)),
    )


def _event(task: Task, hits: tuple[Hit, ...], spans: tuple[Span, ...]) -> SoundEvent:
    kind = SourceKind.AROUND if task.placing.around else SourceKind.POINT
    return SoundEvent(
        id=f"item_{task.index}",
        label=task.source.sound[:80],
        description=task.source.sound[:500],
        subcategory=task.source.subcategory,
        layer=Layer.FOREGROUND,
        hits=hits,
        spans=spans,
        source=EventSource(kind=kind),
        performance=task.source.performance,
    )
