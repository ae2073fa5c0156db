"""What operations on when, where, how loud and what do to a script."""

import re
from collections.abc import Callable

from foley_designer.core.documents import content_hash
from foley_designer.core.mix.treatment import Ride
from foley_designer.core.revision import operations as edit
from foley_designer.core.revision.dispatch import applied
from foley_designer.core.revision.restoring import Restore
from foley_designer.core.revision.scripts import (
    Problem,
    RevisionError,
    db,
    find,
    free_id,
    inside,
    joined,
    numbers,
    on_event,
    treated,
    with_hits,
    within,
)
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive

PERSPECTIVES: dict[ShotSize, tuple[float, float]] = {
    ShotSize.CLOSE: (0.5, -4.0),
    ShotSize.MEDIUM: (1.0, 0.0),
    ShotSize.WIDE: (2.0, 4.0),
    ShotSize.UNKNOWN: (1.0, 0.0),
}
"""Distance factor and reverberation in dB of a shot size, against the medium shot."""


@applied.register
def _(operation: edit.AdjustLevel, script: FoleyScript) -> FoleyScript:
    def raised(hit: Hit) -> Hit:
        return hit.model_copy(update={"gain_db": db(hit.gain_db + operation.change_db)})

    def louder(event: SoundEvent) -> SoundEvent:
        if operation.hits:
            return with_hits(event, operation.hits, raised)
        if operation.from_s is None and operation.to_s is None:
            return event.model_copy(update={"gain_db": db(event.gain_db + operation.change_db)})
        start, end = operation.from_s or 0.0, operation.to_s or script.clip.duration_s
        return _ridden(event, start, min(end, script.clip.duration_s), operation.change_db)

    return on_event(script, operation.event_id, louder)


def _ridden(event: SoundEvent, start_s: float, end_s: float, change_db: float) -> SoundEvent:
    """An event with the level of a stretch changed: its hits', or the fader's."""
    inside_it = tuple(n for n, hit in enumerate(event.hits, 1) if start_s <= hit.time_s < end_s)
    heard = any(span.start_s < end_s and span.end_s > start_s for span in event.spans)
    if not (inside_it or heard) or end_s <= start_s:
        raise RevisionError(
            Problem.OUTSIDE_CLIP,
            f"{event.id} doesn't sound between {start_s:.2f} s and {end_s:.2f} s.",
            f"It sounds from {event.start_s:.2f} s to {event.end_s:.2f} s.",
        )
    if inside_it:
        event = with_hits(
            event,
            inside_it,
            lambda hit: hit.model_copy(update={"gain_db": db(hit.gain_db + change_db)}),
        )
    if not heard:
        return event
    rides = {(one.start_s, one.end_s): one.gain_db for one in event.treatment.rides}
    rides[start_s, end_s] = db(rides.get((start_s, end_s), 0.0) + change_db)
    kept = tuple(
        Ride(start_s=start, end_s=end, gain_db=gain)
        for (start, end), gain in sorted(rides.items())
        if gain
    )
    return treated(event, rides=kept)


@applied.register
def _(operation: edit.AdjustPan, script: FoleyScript) -> FoleyScript:
    def aside(event: SoundEvent) -> SoundEvent:
        if operation.hits:
            return with_hits(event, operation.hits, _hit_aside(event, operation))
        source = event.source
        if operation.change_deg is not None:
            change: dict[str, object] = {"azimuth_deg": source.azimuth_deg + operation.change_deg}
            if source.kind is SourceKind.AROUND:
                change |= {"kind": SourceKind.POINT}
        else:
            change = {"azimuth_deg": operation.to_deg, "kind": SourceKind.POINT}
        return event.model_copy(update={"source": source.model_copy(update=change)})

    return on_event(script, operation.event_id, aside)


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


@applied.register
def _(operation: edit.AdjustDistance, script: FoleyScript) -> FoleyScript:
    def away(event: SoundEvent) -> SoundEvent:
        source = event.source
        if operation.to_m is not None:
            change = {"distance_m": operation.to_m, "distance_factor": 1.0}
        else:
            change = {"distance_factor": source.distance_factor * (operation.factor or 1.0)}
        return event.model_copy(update={"source": source.model_copy(update=change)})

    return on_event(script, operation.event_id, away)


@applied.register
def _(operation: edit.AdjustTime, script: FoleyScript) -> FoleyScript:
    clip = script.clip
    shift = _shift(operation, find(script, operation.event_id), clip.frame_s)

    def move_hit(hit: Hit) -> Hit:
        return hit.model_copy(
            update={"time_s": inside(hit.time_s + shift, clip), "moment_id": None}
        )

    def later(event: SoundEvent) -> SoundEvent:
        if operation.hits:
            return with_hits(event, operation.hits, move_hit)
        hits = tuple(move_hit(hit) for hit in event.hits)
        spans = within([(s, s.start_s + shift, s.end_s + shift) for s in event.spans], event, clip)
        return event.model_copy(update={"hits": hits, "spans": spans})

    return on_event(script, operation.event_id, later)


def _shift(operation: edit.AdjustTime, event: SoundEvent, frame_s: float) -> float:
    """Seconds by which the first that is meant moves."""
    if operation.to_s is not None:
        first = (
            event.hits[min(numbers(event, operation.hits)) - 1].time_s
            if operation.hits
            else event.start_s
        )
        return operation.to_s - first
    if operation.shift_frames is not None:
        return operation.shift_frames * frame_s
    return operation.shift_s or 0.0


@applied.register
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
        return event.model_copy(update={"spans": within(stretched, event, script.clip)})

    return on_event(script, operation.event_id, longer)


@applied.register
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
            | _retimed(event, is_impulsive(operation.subcategory, operation.performance.variant))
        )

    return on_event(script, operation.event_id, other)


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


@applied.register
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

    return on_event(script, operation.event_id, played)


@applied.register
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


@applied.register
def _(operation: edit.RemoveEvent, script: FoleyScript) -> FoleyScript:
    event = find(script, operation.event_id)
    gone = numbers(event, operation.hits)
    if operation.hits and (len(gone) < len(event.hits) or event.spans):
        kept = tuple(hit for n, hit in enumerate(event.hits, start=1) if n not in gone)
        return on_event(script, event.id, lambda e: e.model_copy(update={"hits": kept}))
    events = tuple(other for other in script.events if other.id != event.id)
    if not events:
        raise RevisionError(
            Problem.LAST_EVENT,
            f"{event.id} is the only event; a script can't be empty.",
            "Add another sound first, or make this one quieter.",
        )
    return script.model_copy(update={"events": events})


@applied.register
def _(operation: edit.SplitEvent, script: FoleyScript) -> FoleyScript:
    event, at = find(script, operation.event_id), operation.at_s
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
    rest = event.model_copy(update={**second, "id": free_id(event.id, script)})
    events = []
    for other in script.events:
        events += [event.model_copy(update=first), rest] if other is event else [other]
    return script.model_copy(update={"events": tuple(events)})


@applied.register
def _(operation: edit.MergeEvents, script: FoleyScript) -> FoleyScript:
    merged = [find(script, event_id) for event_id in dict.fromkeys(operation.event_ids)]
    first = merged[0]
    if len({event.subcategory for event in merged}) > 1 or len(merged) < 2:
        raise RevisionError(
            Problem.UNLIKE_EVENTS,
            f"{', '.join(operation.event_ids)} are not several sounds of one kind.",
            "Merge events of the same subcategory.",
        )
    hits = sorted((hit for event in merged for hit in event.hits), key=lambda hit: hit.time_s)
    spans = sorted((s for event in merged for s in event.spans), key=lambda span: span.start_s)
    whole = first.model_copy(update={"hits": tuple(hits), "spans": joined(spans)})
    gone = {event.id for event in merged[1:]}
    events = tuple(whole if e.id == first.id else e for e in script.events if e.id not in gone)
    return script.model_copy(update={"events": events})


@applied.register
def _(operation: edit.ChangeSpace, script: FoleyScript) -> FoleyScript:
    settings = tuple(one.model_copy(update={"space": operation.space}) for one in script.settings)
    return script.model_copy(update={"space": operation.space, "settings": settings})


@applied.register
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


@applied.register
def _(operation: edit.ChangeLayer, script: FoleyScript) -> FoleyScript:
    return on_event(
        script, operation.event_id, lambda e: e.model_copy(update={"layer": operation.layer})
    )


@applied.register
def _(operation: edit.ChangePerspective, script: FoleyScript) -> FoleyScript:
    factor, reverb_db = PERSPECTIVES[operation.size]

    def seen(event: SoundEvent) -> SoundEvent:
        source = event.source.model_copy(update={"distance_factor": factor})
        return event.model_copy(update={"source": source, "reverb_db": reverb_db})

    return on_event(script, operation.event_id, seen)


@applied.register
def _(operation: edit.AdjustReverb, script: FoleyScript) -> FoleyScript:
    return on_event(
        script,
        operation.event_id,
        lambda e: e.model_copy(update={"reverb_db": db(e.reverb_db + operation.change_db)}),
    )


@applied.register
def _(operation: edit.AdjustScene, script: FoleyScript) -> FoleyScript:
    return script.model_copy(update={"gain_db": db(script.gain_db + operation.change_db)})


@applied.register
def _(operation: edit.Retake, script: FoleyScript) -> FoleyScript:
    change = {"engine": operation.engine} if operation.engine else {}
    return on_event(
        script,
        operation.event_id,
        lambda e: e.model_copy(update={"take": e.take + 1, **change}),
    )


@applied.register
def _(operation: edit.TargetLoudness, script: FoleyScript) -> FoleyScript:
    return script.model_copy(update={"loudness_lufs": operation.lufs})


@applied.register
def _(operation: Restore, script: FoleyScript) -> FoleyScript:
    now = {event.id: event for event in script.events}
    for key, digest in operation.left.items():
        if (content_hash(now[key]) if key in now else "") != digest:
            raise RevisionError(
                Problem.CHANGED_SINCE,
                f"{key} was changed again since.",
                "Take the later change back first.",
            )
    now |= {event.id: event for event in operation.events}
    gone = set(operation.absent)
    order = [*operation.order, *(key for key in now if key not in operation.order)]
    events = tuple(now[key] for key in order if key in now and key not in gone)
    scene = operation.scene.model_dump(exclude={"tone"}) if operation.scene else {}
    tone = {"tone": operation.scene.tone} if operation.scene else {}
    return script.model_copy(update={"events": events, **scene, **tone})
