"""Effects: what differs between two scripts, one entry a fact."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from foley_designer.core.mix.processing import EqKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Performance
from foley_designer.core.script.sound_event import SoundEvent

REGIONS = ((60, "sub"), (230, "low"), (700, "lowmid"), (2000, "mid"), (5500, "presence"))
"""Upper edges in Hz of the regions that expectations name; above the last is ``high``."""


class Effect(NamedTuple):
    """One thing that changed."""

    what: str
    who: str
    value: str | float = ""


def effects(before: FoleyScript, after: FoleyScript) -> list[Effect]:
    """What differs, one entry a fact."""
    old = {event.id: event for event in before.events}
    new = {event.id: event for event in after.events}
    found = [Effect("remove", key) for key in old if key not in new]
    for key, event in new.items():
        if key not in old:
            card = event.cards[0] if event.cards else event.label
            found.append(Effect("add", card, round(event.start_s, 3)))
        else:
            found += _changed(old[key], event, before.clip.frame_s)
    if before.gain_db != after.gain_db:
        found.append(Effect("scene", "", round(after.gain_db - before.gain_db, 3)))
    if before.loudness_lufs != after.loudness_lufs:
        found.append(Effect("loudness", "", after.loudness_lufs or 0.0))
    if before.space is not after.space:
        found.append(Effect("space", "", after.space.value))
    if before.tone != after.tone:
        found.append(Effect("tone", "", after.tone.words[0] if after.tone.words else ""))
    return found


def _changed(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    if was.subcategory is not now.subcategory or (now.cards and now.cards != was.cards):
        yield Effect("replace", key, now.cards[0] if now.cards else now.label)
    else:
        for field in Performance.model_fields:
            old, new = getattr(was.performance, field), getattr(now.performance, field)
            if old != new:
                yield Effect("perform", f"{key}.{field}", _delta(old, new))
    if now.gain_db != was.gain_db:
        yield Effect("level", key, round(now.gain_db - was.gain_db, 3))
    if now.reverb_db != was.reverb_db:
        yield Effect("reverb", key, round(now.reverb_db - was.reverb_db, 3))
    if now.layer is not was.layer:
        yield Effect("layer", key, now.layer.value)
    if now.take != was.take:
        yield Effect("take", key, now.take)
    for field in ("locked", "muted", "soloed"):
        if getattr(now, field) != getattr(was, field):
            verb = {"locked": "lock", "muted": "mute", "soloed": "solo"}[field]
            yield Effect(verb if getattr(now, field) else f"un{verb}", key)
    yield from _place(was, now)
    yield from _times(was, now, frame_s)
    yield from _treated(was, now)


def _delta(old: object, new: object) -> str | float:
    if isinstance(old, float) and isinstance(new, float):
        return round(new - old, 3)
    return str(new)


def _place(was: SoundEvent, now: SoundEvent) -> Iterator[Effect]:
    old, new, key = was.source, now.source, was.id
    if new.track_id != old.track_id:
        yield Effect("follow", key, new.track_id or "")
        return  # its distance is the track's then
    elif (old.kind, old.azimuth_deg) != (new.kind, new.azimuth_deg):
        yield Effect("pan", key, round(new.azimuth_deg - old.azimuth_deg, 3))
        yield Effect("panned to", key, round(new.azimuth_deg, 3))
    if new.distance_m != old.distance_m:
        yield Effect("metres", key, new.distance_m or 0.0)
    elif new.distance_factor != old.distance_factor:
        yield Effect("distance", key, round(new.distance_factor / old.distance_factor, 3))


def _times(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    old, new = [h.time_s for h in was.hits], [h.time_s for h in now.hits]
    if len(old) != len(new):
        gone = [n for n, time in enumerate(old, start=1) if time not in new]
        yield from (Effect("remove", f"{key}#{n}") for n in gone)
        yield from (Effect("addhit", key, round(time, 3)) for time in new if time not in old)
    else:
        yield from _hits(was, now, frame_s)
    spans = [[(s.start_s, s.end_s) for s in event.spans] for event in (was, now)]
    if spans[0] == spans[1]:
        return
    shifts = {round(b[0] - a[0], 4) for a, b in zip(*spans, strict=False)}
    lengths = [sum(end - start for start, end in one) for one in spans]
    if len(shifts) == 1 and abs(lengths[0] - lengths[1]) < 1e-6:
        yield Effect("time", key, shifts.pop())
    else:
        yield Effect("length", key, round(lengths[1], 3))


def _hits(was: SoundEvent, now: SoundEvent, frame_s: float) -> Iterator[Effect]:
    key = was.id
    shifts = [round(b.time_s - a.time_s, 4) for a, b in zip(was.hits, now.hits, strict=True)]
    on_frames = all(abs(h.time_s / frame_s - round(h.time_s / frame_s)) < 1e-3 for h in now.hits)
    if any(shifts) and on_frames and max(map(abs, shifts)) < frame_s / 2 + 1e-3:
        yield Effect("quantise", key)
    elif any(shifts):
        yield from _per_hit("time", key, shifts)
    gains = [round(b.gain_db - a.gain_db, 3) for a, b in zip(was.hits, now.hits, strict=True)]
    yield from _per_hit("level", key, gains)
    pans = [
        round(b.azimuth_deg - a.azimuth_deg, 3) for a, b in zip(was.hits, now.hits, strict=True)
    ]
    yield from _per_hit("pan", key, pans)


def _per_hit(what: str, key: str, values: Sequence[float]) -> Iterator[Effect]:
    if values and len(set(values)) == 1:
        if values[0]:
            yield Effect(what, key, values[0])
        return
    for number, value in enumerate(values, start=1):
        if value:
            yield Effect(what, f"{key}#{number}", value)


def _treated(was: SoundEvent, now: SoundEvent) -> Iterator[Effect]:  # noqa: PLR0912
    old, new, key = was.treatment, now.treatment, was.id
    yield from _bands(key, old, new)
    for ride in new.rides:
        before = [one.gain_db for one in old.rides if _same_stretch(one, ride)]
        change = round(ride.gain_db - sum(before), 3)
        if change:
            yield Effect("level", f"{key}@{ride.start_s:g}-{ride.end_s:g}", change)
    for ride in old.rides:
        if not any(_same_stretch(one, ride) for one in new.rides):
            yield Effect("level", f"{key}@{ride.start_s:g}-{ride.end_s:g}", -ride.gain_db)
    if old.compress != new.compress:
        yield Effect("compress", key, "on" if new.compress else "off")
    for one in new.ducks:
        if one not in old.ducks:
            yield Effect("duck", f"{key} by {','.join(one.by)}", one.db)
    for edge in ("in", "out"):
        fade = getattr(new, f"fade_{edge}")
        if fade != getattr(old, f"fade_{edge}"):
            yield Effect(f"fade {edge}", key, fade.length_s if fade else 0.0)
    if old.width != new.width:
        yield Effect("width", key, new.width if new.width == 0 else new.width - old.width)
    if old.pitch_st != new.pitch_st:
        yield Effect("pitch", key, round(new.pitch_st - old.pitch_st, 3))
    if old.speed != new.speed:
        yield Effect("speed", key, round(new.speed / old.speed, 3))
    if old.space is not new.space:
        yield Effect("room", key, new.space.value if new.space else "")
    if old.futz is not new.futz:
        yield Effect("futz", key, new.futz.value if new.futz else "")


def _same_stretch(one: Any, other: Any) -> bool:
    return (one.start_s, one.end_s) == (other.start_s, other.end_s)


def _bands(key: str, old: Any, new: Any) -> Iterator[Effect]:
    cuts = {EqKind.HIGH_PASS: "low", EqKind.LOW_PASS: "high"}
    before = {(one.kind, one.frequency_hz): one.gain_db for one in old.eq}
    after = {(one.kind, one.frequency_hz): one.gain_db for one in new.eq}
    for kind, frequency in dict.fromkeys([*before, *after]):
        here, gone = (kind, frequency) in after, (kind, frequency) in before
        if kind in cuts:
            if here != gone:
                yield Effect("cut" if here else "uncut", f"{key} {cuts[kind]}", frequency)
            continue
        change = after.get((kind, frequency), 0.0) - before.get((kind, frequency), 0.0)
        if change:
            region = next((name for edge, name in REGIONS if frequency < edge), "high")
            yield Effect("eq", f"{key} {region}", round(change, 3))
