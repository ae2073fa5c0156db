"""Apply operations to a Foley script. Pure: a script goes in, another one comes out."""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import singledispatch

from pydantic import ValidationError

from foley_designer.core.category import is_impulsive
from foley_designer.core.clip import Clip
from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision import operations as edit
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.sound_event import Hit, Layer, SoundEvent, SourceKind, Span

PERSPECTIVES: dict[ShotSize, tuple[float, float]] = {
    ShotSize.CLOSE: (0.5, -4.0),
    ShotSize.MEDIUM: (1.0, 0.0),
    ShotSize.WIDE: (2.0, 4.0),
}
"""Distance factor and reverberation in dB of a shot size, against the medium shot."""


class Problem(StrEnum):
    """Why an operation can't be applied."""

    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_HIT = "unknown_hit"
    NOT_CONTINUOUS = "not_continuous"
    OUTSIDE_CLIP = "outside_clip"
    OUT_OF_RANGE = "out_of_range"
    ID_IN_USE = "id_in_use"
    LAST_EVENT = "last_event"
    NOTHING_TO_SPLIT = "nothing_to_split"
    UNLIKE_EVENTS = "unlike_events"


class RevisionError(FoleyError):
    """An operation that this script can't take.

    Args:
        problem: why, from the closed set.
        message: what was wrong, with the value.
        hint: what the script has instead.
    """

    def __init__(self, problem: Problem, message: str, hint: str = "") -> None:
        super().__init__(ErrorCode.REVISION_INVALID, message, hint)
        self.problem = problem


def apply(script: FoleyScript, operations: Sequence[edit.Operation]) -> FoleyScript:
    """The script with all operations done in order; none is done where one can't be.

    Raises:
        RevisionError: ``revision_invalid`` with its problem and the operation's number.
    """
    for number, operation in enumerate(operations, start=1):
        try:
            changed = _apply(operation, script)
            script = FoleyScript.model_validate(changed.model_dump())
        except RevisionError as error:
            where = f"Operation {number} ({operation.kind}): {error.message}"
            raise RevisionError(error.problem, where, error.hint) from error
        except ValidationError as error:
            where = f"Operation {number} ({operation.kind}): {describe(error, 'script')}."
            raise RevisionError(Problem.OUT_OF_RANGE, where) from error
    return script


@singledispatch
def _apply(operation: edit.Edit, script: FoleyScript) -> FoleyScript:
    raise NotImplementedError(f"no rule for {operation!r} on {script.SCHEMA}")


@_apply.register
def _(operation: edit.AdjustLevel, script: FoleyScript) -> FoleyScript:
    def louder(event: SoundEvent) -> SoundEvent:
        if not operation.hits:
            return event.model_copy(update={"gain_db": _db(event.gain_db + operation.change_db)})
        return _with_hits(
            event,
            operation.hits,
            lambda hit: hit.model_copy(update={"gain_db": _db(hit.gain_db + operation.change_db)}),
        )

    return _on_event(script, operation.event_id, louder)


@_apply.register
def _(operation: edit.AdjustPan, script: FoleyScript) -> FoleyScript:
    def aside(event: SoundEvent) -> SoundEvent:
        if operation.hits:
            return _with_hits(event, operation.hits, _hit_aside(event, operation))
        source = event.source
        if operation.change_deg is not None:
            change: dict[str, object] = {"azimuth_deg": source.azimuth_deg + operation.change_deg}
            if source.kind is SourceKind.AROUND:
                change |= {"kind": SourceKind.POINT}
        else:
            change = {"azimuth_deg": operation.to_deg, "kind": SourceKind.POINT}
        return event.model_copy(update={"source": source.model_copy(update=change)})

    return _on_event(script, operation.event_id, aside)


def _hit_aside(event: SoundEvent, operation: edit.AdjustPan) -> Callable[[Hit], Hit]:
    """Moves a hit off its source; to a place only where the source has a fixed one."""
    if operation.to_deg is not None and event.source.kind is SourceKind.TRACK:
        raise RevisionError(
            Problem.OUT_OF_RANGE,
            f"{event.id} moves with the picture, so one hit can't be put at an angle.",
            "Give change_deg, an angle off its place.",
        )

    def aside(hit: Hit) -> Hit:
        if operation.change_deg is not None:
            azimuth = hit.azimuth_deg + operation.change_deg
        else:
            azimuth = (operation.to_deg or 0.0) - event.source.azimuth_deg
        return hit.model_copy(update={"azimuth_deg": azimuth})

    return aside


@_apply.register
def _(operation: edit.AdjustDistance, script: FoleyScript) -> FoleyScript:
    def away(event: SoundEvent) -> SoundEvent:
        source = event.source
        if operation.to_m is not None:
            change = {"distance_m": operation.to_m, "distance_factor": 1.0}
        else:
            change = {"distance_factor": source.distance_factor * (operation.factor or 1.0)}
        return event.model_copy(update={"source": source.model_copy(update=change)})

    return _on_event(script, operation.event_id, away)


@_apply.register
def _(operation: edit.AdjustTime, script: FoleyScript) -> FoleyScript:
    clip = script.clip
    frames = operation.shift_frames
    shift = frames * clip.frame_s if frames is not None else operation.shift_s or 0.0

    def move_hit(hit: Hit) -> Hit:
        return hit.model_copy(
            update={"time_s": _inside(hit.time_s + shift, clip), "moment_id": None}
        )

    def later(event: SoundEvent) -> SoundEvent:
        if operation.hits:
            return _with_hits(event, operation.hits, move_hit)
        hits = tuple(move_hit(hit) for hit in event.hits)
        spans = _within([(s, s.start_s + shift, s.end_s + shift) for s in event.spans], event, clip)
        return event.model_copy(update={"hits": hits, "spans": spans})

    return _on_event(script, operation.event_id, later)


@_apply.register
def _(operation: edit.AdjustLength, script: FoleyScript) -> FoleyScript:
    def longer(event: SoundEvent) -> SoundEvent:
        if not event.spans:
            raise RevisionError(
                Problem.NOT_CONTINUOUS,
                f"{event.id} is made of single hits, which have no length.",
                "Move, add or remove hits instead.",
            )
        start = event.spans[0].start_s
        whole = event.spans[-1].end_s - start
        factor = operation.to_s / whole if operation.to_s else operation.factor or 1.0
        stretched = [
            (span, start + factor * (span.start_s - start), start + factor * (span.end_s - start))
            for span in event.spans
        ]
        return event.model_copy(update={"spans": _within(stretched, event, script.clip)})

    return _on_event(script, operation.event_id, longer)


@_apply.register
def _(operation: edit.ReplaceSound, script: FoleyScript) -> FoleyScript:
    def other(event: SoundEvent) -> SoundEvent:
        return event.model_copy(
            update={
                "label": operation.label,
                "description": operation.description,
                "subcategory": operation.subcategory,
                "performance": operation.performance,
                "cards": operation.cards,
                "reason": operation.reason or event.reason,
            }
            | _retimed(event, is_impulsive(operation.subcategory))
        )

    return _on_event(script, operation.event_id, other)


def _retimed(event: SoundEvent, impulsive: bool) -> dict[str, object]:
    """Hits for a sound that is timed by hits, spans for one that goes on; what fits is kept."""
    if impulsive and not event.hits:
        return {
            "hits": tuple(Hit(time_s=s.start_s, strength=s.intensity) for s in event.spans),
            "spans": (),
        }
    if not impulsive and not event.spans:
        end = event.end_s + 0.5
        return {"spans": (Span(start_s=event.start_s, end_s=end),), "hits": ()}
    return {}


@_apply.register
def _(operation: edit.ChangePerformance, script: FoleyScript) -> FoleyScript:
    def played(event: SoundEvent) -> SoundEvent:
        performance = event.performance.model_copy(update=dict(operation.changes))
        texts = {name: getattr(event, name) for name in ("label", "description")}
        for field, value in operation.changes.items():
            old = getattr(event.performance, field)
            if isinstance(old, str) and isinstance(value, str):
                word = re.compile(rf"\b{re.escape(old)}\b", re.IGNORECASE)
                texts = {name: word.sub(value, text) for name, text in texts.items()}
        return event.model_copy(update={"performance": performance, "cards": (), **texts})

    return _on_event(script, operation.event_id, played)


@_apply.register
def _(operation: edit.AddEvent, script: FoleyScript) -> FoleyScript:
    if any(event.id == operation.event.id for event in script.events):
        raise RevisionError(
            Problem.ID_IN_USE, f"There is an event {operation.event.id}.", "Choose another id."
        )
    if operation.event.end_s > script.clip.duration_s + script.clip.frame_s:
        raise RevisionError(
            Problem.OUTSIDE_CLIP,
            f"{operation.event.label} would end at {operation.event.end_s:.2f} s.",
            f"The clip ends at {script.clip.duration_s:.2f} s.",
        )
    return script.model_copy(update={"events": (*script.events, operation.event)})


@_apply.register
def _(operation: edit.RemoveEvent, script: FoleyScript) -> FoleyScript:
    event = _find(script, operation.event_id)
    gone = _numbers(event, operation.hits)
    if operation.hits and (len(gone) < len(event.hits) or event.spans):
        kept = tuple(hit for n, hit in enumerate(event.hits, start=1) if n not in gone)
        return _on_event(script, event.id, lambda e: e.model_copy(update={"hits": kept}))
    events = tuple(other for other in script.events if other.id != event.id)
    if not events:
        raise RevisionError(
            Problem.LAST_EVENT,
            f"{event.id} is the only event; a script can't be empty.",
            "Add another sound first, or make this one quieter.",
        )
    return script.model_copy(update={"events": events})


@_apply.register
def _(operation: edit.SplitEvent, script: FoleyScript) -> FoleyScript:
    event, at = _find(script, operation.event_id), operation.at_s
    first = {
        "hits": tuple(hit for hit in event.hits if hit.time_s < at),
        "spans": tuple(
            span.model_copy(update={"end_s": min(span.end_s, at)})
            for span in event.spans
            if span.start_s < at
        ),
    }
    second = {
        "hits": tuple(hit for hit in event.hits if hit.time_s >= at),
        "spans": tuple(
            span.model_copy(update={"start_s": max(span.start_s, at)})
            for span in event.spans
            if span.end_s > at
        ),
    }
    if not (any(first.values()) and any(second.values())):
        raise RevisionError(
            Problem.NOTHING_TO_SPLIT,
            f"{event.id} doesn't sound both before and after {at:.2f} s.",
            f"It sounds from {event.start_s:.2f} s to {event.end_s:.2f} s.",
        )
    rest = event.model_copy(update={**second, "id": _free_id(event.id, script)})
    events = []
    for other in script.events:
        events += [event.model_copy(update=first), rest] if other is event else [other]
    return script.model_copy(update={"events": tuple(events)})


@_apply.register
def _(operation: edit.MergeEvents, script: FoleyScript) -> FoleyScript:
    merged = [_find(script, event_id) for event_id in dict.fromkeys(operation.event_ids)]
    first = merged[0]
    if len({event.subcategory for event in merged}) > 1 or len(merged) < 2:
        raise RevisionError(
            Problem.UNLIKE_EVENTS,
            f"{', '.join(operation.event_ids)} are not several sounds of one kind.",
            "Merge events of the same subcategory.",
        )
    hits = sorted((hit for event in merged for hit in event.hits), key=lambda hit: hit.time_s)
    spans = sorted((s for event in merged for s in event.spans), key=lambda span: span.start_s)
    whole = first.model_copy(update={"hits": tuple(hits), "spans": _joined(spans)})
    gone = {event.id for event in merged[1:]}
    events = tuple(whole if e.id == first.id else e for e in script.events if e.id not in gone)
    return script.model_copy(update={"events": events})


@_apply.register
def _(operation: edit.ChangeSpace, script: FoleyScript) -> FoleyScript:
    return script.model_copy(update={"space": operation.space})


@_apply.register
def _(operation: edit.ChangeTone, script: FoleyScript) -> FoleyScript:
    events = tuple(
        event.model_copy(
            update={"performance": event.performance.model_copy(update={"mood": operation.mood})}
        )
        if event.layer is Layer.FOREGROUND
        else event
        for event in script.events
    )
    return script.model_copy(update={"tone": operation.tone, "events": events})


@_apply.register
def _(operation: edit.ChangeLayer, script: FoleyScript) -> FoleyScript:
    return _on_event(
        script, operation.event_id, lambda e: e.model_copy(update={"layer": operation.layer})
    )


@_apply.register
def _(operation: edit.ChangePerspective, script: FoleyScript) -> FoleyScript:
    factor, reverb_db = PERSPECTIVES[operation.size]

    def seen(event: SoundEvent) -> SoundEvent:
        source = event.source.model_copy(update={"distance_factor": factor})
        return event.model_copy(update={"source": source, "reverb_db": reverb_db})

    return _on_event(script, operation.event_id, seen)


@_apply.register
def _(operation: edit.AdjustReverb, script: FoleyScript) -> FoleyScript:
    return _on_event(
        script,
        operation.event_id,
        lambda e: e.model_copy(update={"reverb_db": _db(e.reverb_db + operation.change_db)}),
    )


@_apply.register
def _(operation: edit.AdjustScene, script: FoleyScript) -> FoleyScript:
    return script.model_copy(update={"gain_db": _db(script.gain_db + operation.change_db)})


@_apply.register
def _(operation: edit.Retake, script: FoleyScript) -> FoleyScript:
    change = {"engine": operation.engine} if operation.engine else {}
    return _on_event(
        script,
        operation.event_id,
        lambda e: e.model_copy(update={"take": e.take + 1, **change}),
    )


def _find(script: FoleyScript, event_id: str) -> SoundEvent:
    try:
        return script.event(event_id)
    except KeyError as error:
        have = ", ".join(event.id for event in script.events)
        raise RevisionError(
            Problem.UNKNOWN_EVENT, f"There is no event {event_id}.", f"There are {have}."
        ) from error


def _on_event(
    script: FoleyScript, event_id: str, change: Callable[[SoundEvent], SoundEvent]
) -> FoleyScript:
    """The script with one event changed."""
    wanted = _find(script, event_id)
    events = tuple(change(event) if event is wanted else event for event in script.events)
    return script.model_copy(update={"events": events})


def _numbers(event: SoundEvent, hits: edit.Hits) -> frozenset[int]:
    """The hits' numbers, each of which the event has."""
    if hits and max(hits) > len(event.hits):
        raise RevisionError(
            Problem.UNKNOWN_HIT,
            f"{event.id} has no hit {max(hits)}.",
            f"It has {len(event.hits)}." if event.hits else "It has spans alone.",
        )
    return frozenset(hits)


def _with_hits(event: SoundEvent, hits: edit.Hits, change: Callable[[Hit], Hit]) -> SoundEvent:
    """The event with some of its hits changed, in time order."""
    chosen = _numbers(event, hits)
    changed = [change(hit) if n in chosen else hit for n, hit in enumerate(event.hits, start=1)]
    return event.model_copy(update={"hits": tuple(sorted(changed, key=lambda hit: hit.time_s))})


def _inside(time_s: float, clip: Clip) -> float:
    if not 0 <= time_s <= clip.duration_s:
        raise RevisionError(
            Problem.OUTSIDE_CLIP,
            f"{time_s:.2f} s lies outside of the clip.",
            f"The clip has {clip.duration_s:.2f} s.",
        )
    return round(time_s, 6)


def _within(
    moved: Iterable[tuple[Span, float, float]], event: SoundEvent, clip: Clip
) -> tuple[Span, ...]:
    """Spans at new times, cut at the clip's ends."""
    spans = tuple(
        span.model_copy(update={"start_s": max(start, 0.0), "end_s": min(end, clip.duration_s)})
        for span, start, end in moved
        if min(end, clip.duration_s) > max(start, 0.0)
    )
    if event.spans and not spans:
        raise RevisionError(
            Problem.OUTSIDE_CLIP,
            f"{event.id} would lie outside of the clip.",
            f"The clip has {clip.duration_s:.2f} s.",
        )
    return spans


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in time order, overlapping ones as one."""
    whole: list[Span] = []
    for span in spans:
        if whole and span.start_s <= whole[-1].end_s:
            end = max(whole[-1].end_s, span.end_s)
            whole[-1] = whole[-1].model_copy(update={"end_s": end})
        else:
            whole.append(span)
    return tuple(whole)


def _free_id(event_id: str, script: FoleyScript) -> str:
    """An id made of another one's, such as ``e02_steps_b``."""
    used = {event.id for event in script.events}
    stem = event_id[:45]
    return next(
        name for letter in "bcdefghijklmnopqrstuvwxyz" if (name := f"{stem}_{letter}") not in used
    )


def _db(value: float) -> float:
    """Decibels without the dust of adding them up."""
    return round(value, 3)
