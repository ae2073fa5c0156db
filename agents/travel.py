"""The way of sound: what flashes far off is heard later than it is seen, if that is wanted."""

import statistics

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import MomentKind, Observation
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.core.space import sound_speed

USUAL_M = 3.0
"""Distance if neither the event nor a track gives one."""


def delayed(script: FoleyScript, observation: Observation) -> FoleyScript:
    """The script with every hit that a flash shows moved by distance over the speed of sound.

    Films keep sound on its picture; this is the physical choice for fireworks, shots and lightning.
    A hit that would be heard after the clip's end is left out, and a note says so; an event of
    which nothing would be left stays as it is.
    """
    flashes = {one.id for one in observation.moments if one.kind is MomentKind.FLASH}
    events, notes = [], list(script.notes)
    for event in script.events:
        metres = _distance_m(event, observation)
        way_s = metres / sound_speed(script.space_of(event))
        if not any(hit.moment_id in flashes for hit in event.hits):
            events.append(event)
            continue
        moved = [_later(hit, way_s) if hit.moment_id in flashes else hit for hit in event.hits]
        heard = sorted(
            (hit for hit in moved if hit.time_s < script.clip.duration_s), key=lambda h: h.time_s
        )
        if not heard and not event.spans:
            text = (
                f"{event.label}: heard after the clip's end at {metres:.0f} m; left on its flash."
            )
            notes.append(_note(text, event))
            events.append(event)
            continue
        text = f"{event.label}: {1000 * way_s:.0f} ms after its flash, for {metres:.0f} m."
        if len(heard) < len(moved):
            text += f" {len(moved) - len(heard)} hit(s) would come after the clip's end."
        notes.append(_note(text, event))
        events.append(event.model_copy(update={"hits": tuple(heard)}))
    return script.model_copy(update={"events": tuple(events), "notes": tuple(notes)})


def _later(hit: Hit, way_s: float) -> Hit:
    return hit.model_copy(update={"time_s": hit.time_s + way_s})


def _distance_m(event: SoundEvent, observation: Observation) -> float:
    track = observation.track(event.source.track_id)
    metres = event.source.distance_m
    if metres is None and track is not None:
        metres = statistics.median(one.distance_m for one in track.sightings)
    return (metres or USUAL_M) * event.source.distance_factor


def _note(text: str, event: SoundEvent) -> Note:
    return Note(kind=NoteKind.DECISION, step="write", text=text, event_id=event.id)
