"""What operations on how an event sounds do to a script."""

from foley_designer.core.mix.processing import EqKind
from foley_designer.core.mix.treatment import Compression, Duck, Fade, HandBand
from foley_designer.core.revision import sounding as edit
from foley_designer.core.revision.base import EventEdit
from foley_designer.core.revision.dispatch import applied
from foley_designer.core.revision.scripts import (
    Problem,
    RevisionError,
    find,
    inside,
    joined,
    numbers,
    on_event,
    treated,
    with_hits,
    within,
)
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit, SoundEvent, SourceKind

_CUTS = {"low": EqKind.HIGH_PASS, "high": EqKind.LOW_PASS}


@applied.register
def _(operation: edit.Equalise, script: FoleyScript) -> FoleyScript:
    band = HandBand(
        kind=EqKind(operation.shape),
        frequency_hz=operation.frequency_hz,
        gain_db=operation.gain_db,
        q=operation.q,
    )

    def coloured(event: SoundEvent) -> SoundEvent:
        return event.model_copy(update={"treatment": event.treatment.with_band(band)})

    return on_event(script, operation.event_id, coloured)


@applied.register
def _(operation: edit.Filter, script: FoleyScript) -> FoleyScript:
    def cut(event: SoundEvent) -> SoundEvent:
        if operation.frequency_hz is None:
            other = event.treatment.without_cut(operation.cut)
        else:
            band = HandBand(kind=_CUTS[operation.cut], frequency_hz=operation.frequency_hz)
            other = event.treatment.with_band(band)
        return event.model_copy(update={"treatment": other})

    return on_event(script, operation.event_id, cut)


@applied.register
def _(operation: edit.DuckUnder, script: FoleyScript) -> FoleyScript:
    for key in operation.by:
        find(script, key)
    if operation.event_id in operation.by:
        raise RevisionError(
            Problem.OUT_OF_RANGE, f"{operation.event_id} can't make room for itself."
        )

    def ducked(event: SoundEvent) -> SoundEvent:
        kept = tuple(one for one in event.treatment.ducks if set(one.by) != set(operation.by))
        if operation.db:
            kept += (Duck(by=operation.by, db=operation.db),)
        return treated(event, ducks=kept)

    return on_event(script, operation.event_id, ducked)


@applied.register
def _(operation: edit.Compress, script: FoleyScript) -> FoleyScript:
    amount = operation.amount
    # From a light 1.5:1 on the peaks alone to 6:1 over the loudest 24 dB.
    held = Compression(ratio=1.5 + 4.5 * amount, below_peak_db=4.0 + 20.0 * amount)
    return on_event(
        script, operation.event_id, lambda e: treated(e, compress=held if amount else None)
    )


@applied.register
def _(operation: edit.FadeEvent, script: FoleyScript) -> FoleyScript:
    at = None if operation.at_s is None else inside(operation.at_s, script.clip)
    length = operation.length_s
    fade = Fade(length_s=length, at_s=at) if length else None
    return on_event(
        script, operation.event_id, lambda e: treated(e, **{f"fade_{operation.edge}": fade})
    )


@applied.register
def _(operation: edit.SetWidth, script: FoleyScript) -> FoleyScript:
    return on_event(script, operation.event_id, lambda e: treated(e, width=operation.width))


@applied.register
def _(operation: edit.ShiftPitch, script: FoleyScript) -> FoleyScript:
    def tuned(event: SoundEvent) -> SoundEvent:
        pitch = round(event.treatment.pitch_st + operation.change_st, 3)
        return treated(event, pitch_st=pitch)

    return on_event(script, operation.event_id, tuned)


@applied.register
def _(operation: edit.ChangeSpeed, script: FoleyScript) -> FoleyScript:
    def paced(event: SoundEvent) -> SoundEvent:
        return treated(event, speed=round(event.treatment.speed * operation.factor, 4))

    return on_event(script, operation.event_id, paced)


@applied.register
def _(operation: edit.SetRoom, script: FoleyScript) -> FoleyScript:
    return on_event(script, operation.event_id, lambda e: treated(e, space=operation.space))


@applied.register
def _(operation: edit.HearThrough, script: FoleyScript) -> FoleyScript:
    return on_event(script, operation.event_id, lambda e: treated(e, futz=operation.device))


@applied.register
def _(operation: edit.MuteEvent, script: FoleyScript) -> FoleyScript:
    return _set(script, operation, muted=operation.muted)


@applied.register
def _(operation: edit.SoloEvent, script: FoleyScript) -> FoleyScript:
    return _set(script, operation, soloed=operation.soloed)


@applied.register
def _(operation: edit.LockEvent, script: FoleyScript) -> FoleyScript:
    return _set(script, operation, locked=operation.locked)


@applied.register
def _(operation: edit.ChooseTake, script: FoleyScript) -> FoleyScript:
    return _set(script, operation, take=operation.take)


def _set(script: FoleyScript, operation: EventEdit, **fields: object) -> FoleyScript:
    return on_event(script, operation.event_id, lambda e: e.model_copy(update=fields))


@applied.register
def _(operation: edit.FollowTrack, script: FoleyScript) -> FoleyScript:
    def followed(event: SoundEvent) -> SoundEvent:
        place = {
            "kind": SourceKind.TRACK,
            "track_id": operation.track_id,
            "azimuth_deg": 0.0,
            "distance_m": None,
        }
        return event.model_copy(update={"source": event.source.model_copy(update=place)})

    return on_event(script, operation.event_id, followed)


@applied.register
def _(operation: edit.QuantiseHits, script: FoleyScript) -> FoleyScript:
    clip = script.clip

    def snapped(hit: Hit) -> Hit:
        frame = min(round(hit.time_s * float(clip.rate)), clip.frame_count - 1)
        return hit.model_copy(update={"time_s": round(frame * clip.frame_s, 6)})

    def quantised(event: SoundEvent) -> SoundEvent:
        if not event.hits:
            raise RevisionError(
                Problem.UNKNOWN_HIT, f"{event.id} has no hits.", "It has spans alone."
            )
        hits = operation.hits or tuple(range(1, len(event.hits) + 1))
        return with_hits(event, hits, snapped)

    return on_event(script, operation.event_id, quantised)


@applied.register
def _(operation: edit.CopyEvent, script: FoleyScript) -> FoleyScript:
    clip = script.clip

    def doubled(event: SoundEvent) -> SoundEvent:
        chosen = numbers(event, operation.hits)
        hits = [h for n, h in enumerate(event.hits, 1) if not operation.hits or n in chosen]
        first = hits[0].time_s if operation.hits else event.start_s
        shift = operation.to_s - first
        new = [
            h.model_copy(update={"time_s": inside(h.time_s + shift, clip), "moment_id": None})
            for h in hits
        ]
        spans = () if operation.hits else event.spans
        more = (
            within([(s, s.start_s + shift, s.end_s + shift) for s in spans], event, clip)
            if spans
            else ()
        )
        return event.model_copy(
            update={
                "hits": tuple(sorted((*event.hits, *new), key=lambda hit: hit.time_s)),
                "spans": joined(sorted((*event.spans, *more), key=lambda span: span.start_s)),
            }
        )

    return on_event(script, operation.event_id, doubled)


@applied.register
def _(operation: edit.AddHits, script: FoleyScript) -> FoleyScript:
    def more(event: SoundEvent) -> SoundEvent:
        if not event.hits:
            raise RevisionError(
                Problem.UNKNOWN_HIT, f"{event.id} is no sound of single hits.", "Copy a span."
            )
        new = []
        for time in operation.times_s:
            _, like = min((abs(hit.time_s - time), n, hit) for n, hit in enumerate(event.hits))[1:]
            plain = {"time_s": inside(time, script.clip), "moment_id": None, "gain_db": 0.0}
            new.append(like.model_copy(update=plain))
        hits = tuple(sorted((*event.hits, *new), key=lambda hit: hit.time_s))
        return event.model_copy(update={"hits": hits})

    return on_event(script, operation.event_id, more)


@applied.register
def _(operation: edit.TrimEvent, script: FoleyScript) -> FoleyScript:
    start, end = operation.from_s, operation.to_s

    def cut(event: SoundEvent) -> SoundEvent:
        hits = tuple(hit for hit in event.hits if start <= hit.time_s < end)
        spans = tuple(
            span.model_copy(
                update={"start_s": max(span.start_s, start), "end_s": min(span.end_s, end)}
            )
            for span in event.spans
            if span.start_s < end and span.end_s > start
        )
        if not (hits or spans):
            raise RevisionError(
                Problem.OUTSIDE_CLIP,
                f"{event.id} doesn't sound between {start:.2f} s and {end:.2f} s.",
                f"It sounds from {event.start_s:.2f} s to {event.end_s:.2f} s.",
            )
        return event.model_copy(update={"hits": hits, "spans": spans})

    return on_event(script, operation.event_id, cut)
