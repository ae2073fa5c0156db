"""What a revision changes: lines for people, and which events must be rendered, planned, mixed."""

from collections.abc import Iterator

from foley_designer.core.documents import Part
from foley_designer.core.mix.treatment import Treatment
from foley_designer.core.revision.diff_treatment import treatment_changes
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.core.space import Space


class Diff(Part):
    """Two scripts compared."""

    lines: tuple[str, ...] = ()
    """One sentence a change."""
    rendered: tuple[str, ...] = ()
    """Events whose take is made anew, new ones among them."""
    planned: tuple[str, ...] = ()
    """Events whose mixing is decided anew."""
    mixed: tuple[str, ...] = ()
    """Events that keep their take: a fader, a ride, reverberation or their layer changed."""
    removed: tuple[str, ...] = ()
    retimed: bool = False
    """Whether the foreground sounds at other times, so that backgrounds may dip elsewhere."""
    new_space: bool = False
    notes: tuple[str, ...] = ()
    """How the words for it were read, where that is not plain from the lines."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not self.lines


def describe_changes(before: FoleyScript, after: FoleyScript) -> Diff:
    """Compare two scripts of one clip, event by event."""
    old = {event.id: event for event in before.events}
    new = {event.id: event for event in after.events}
    kept = [(old[key], event) for key, event in new.items() if key in old]
    changed = [(was, now) for was, now in kept if was != now]
    added = [event for key, event in new.items() if key not in old]
    new_space = before.space is not after.space
    lines = list(_scene_lines(before, after))
    lines += [f"- {event.label} ({key})" for key, event in old.items() if key not in new]
    lines += [f"+ {event.label} ({event.id}){_when(event)}" for event in added]
    lines += [line for was, now in changed for line in _lines(was, now)]
    fresh = [event.id for event in added]
    new_medium = (before.space is Space.UNDERWATER) is not (after.space is Space.UNDERWATER)
    rendered = {now.id for was, now in kept if new_medium or _performed(was) != _performed(now)}
    planned = {now.id for was, now in changed if _balanced(was) != _balanced(now)}
    return Diff(
        lines=tuple(lines),
        rendered=tuple(key for key in new if key in rendered or key in fresh),
        planned=tuple(key for key in new if key in planned or key in fresh),
        mixed=tuple(now.id for _, now in changed if now.id not in rendered),
        removed=tuple(key for key in old if key not in new),
        retimed=_foreground_times(before) != _foreground_times(after),
        new_space=new_space,
    )


def _performed(event: SoundEvent) -> SoundEvent:
    """The event with every field neutral that its take does not depend on."""
    hits = tuple(hit.model_copy(update={"gain_db": 0.0, **_UNTOLD_HIT}) for hit in event.hits)
    return event.model_copy(
        update={"hits": hits, "layer": "foreground", **_MIXED_BY_HAND, **_UNTOLD}
    )


def _balanced(event: SoundEvent) -> SoundEvent:
    """The event with every field neutral that leaves its place in the mix as it was decided.

    Its time, its side and what an editor wished in decibels don't call for another decision.
    """
    source = event.source.model_copy(update={"azimuth_deg": 0.0, "kind": SourceKind.POINT})
    return event.model_copy(
        update={
            "hits": (Hit(time_s=0.0),),
            "spans": (),
            "source": source,
            **_MIXED_BY_HAND,
            **_UNTOLD,
        }
    )


_MIXED_BY_HAND: dict[str, object] = {
    "gain_db": 0.0,
    "reverb_db": 0.0,
    "treatment": Treatment(),
    "muted": False,
    "soloed": False,
    "locked": False,
}
_UNTOLD = {"label": "-", "confidence": 1.0, "cards": (), "reason": ""}
_UNTOLD_HIT = {"confidence": 1.0, "moment_id": None}


def _foreground_times(script: FoleyScript) -> list[tuple[float, float]]:
    spans = [(s.start_s, s.end_s) for event in script.foreground for s in event.spans]
    return sorted(spans + [(h.time_s, h.time_s) for e in script.foreground for h in e.hits])


def _scene_lines(before: FoleyScript, after: FoleyScript) -> Iterator[str]:
    if before.space is not after.space:
        yield f"scene: {_name(before.space)} → {_name(after.space)}"
    if before.gain_db != after.gain_db:
        yield f"whole mix: {before.gain_db:+.1f} → {after.gain_db:+.1f} dB against the target"
    if before.loudness_lufs != after.loudness_lufs:
        wish = after.loudness_lufs
        yield f"mix: {wish:g} LUFS" if wish is not None else "mix: the delivery target's loudness"
    if before.tone != after.tone:
        was, now = before.tone, after.tone
        yield (
            f"tone: valence {was.valence:+.2f} → {now.valence:+.2f}, "
            f"arousal {was.arousal:.2f} → {now.arousal:.2f}"
        )


def _lines(was: SoundEvent, now: SoundEvent) -> Iterator[str]:
    name = f"{was.label} ({now.id})"
    if was.label != now.label or was.subcategory is not now.subcategory:
        yield f"{name}: becomes {now.label}"
    if was.layer is not now.layer:
        yield f"{name}: {was.layer} → {now.layer}"
    if was.gain_db != now.gain_db:
        yield f"{name}: {now.gain_db - was.gain_db:+.1f} dB"
    if was.reverb_db != now.reverb_db:
        yield f"{name}: reverberation {now.reverb_db - was.reverb_db:+.1f} dB"
    if was.take != now.take or was.engine != now.engine:
        yield f"{name}: another take" + (f" by {now.engine}" if was.engine != now.engine else "")
    for field in type(now.performance).model_fields:
        old, new = getattr(was.performance, field), getattr(now.performance, field)
        if old != new:
            yield f"{name}: {field} {_value(old)} → {_value(new)}"
    yield from (f"{name}: {text}" for text in _place_changes(was.source, now.source))
    yield from (f"{name}: {text}" for text in treatment_changes(was.treatment, now.treatment))
    for field, words in _STATES.items():
        if getattr(was, field) is not getattr(now, field):
            yield f"{name}: {words[getattr(now, field)]}"
    yield from (f"{name}: {text}" for text in _time_changes(was, now))


_STATES = {
    "muted": ("heard again", "muted"),
    "soloed": ("no longer soloed", "soloed"),
    "locked": ("unlocked", "locked"),
}


def _place_changes(was: Source, now: Source) -> Iterator[str]:
    if (was.kind, was.azimuth_deg) != (now.kind, now.azimuth_deg):
        yield f"{_where(was)} → {_where(now)}"
    if was.distance_m != now.distance_m:
        old = f"{was.distance_m:.1f} m" if was.distance_m else "as in the picture"
        yield f"distance {old} → {now.distance_m:.1f} m" if now.distance_m else "distance as seen"
    elif was.distance_factor != now.distance_factor:
        yield f"{now.distance_factor / was.distance_factor:.2f} times as far"


def _time_changes(was: SoundEvent, now: SoundEvent) -> Iterator[str]:
    if len(was.hits) != len(now.hits):
        yield f"{len(was.hits)} → {len(now.hits)} hits"
    else:
        pairs = list(enumerate(zip(was.hits, now.hits, strict=True), start=1))
        shifts = {round(new.time_s - old.time_s, 6) for _, (old, new) in pairs}
        if len(pairs) > 1 and len(shifts) == 1 and shifts != {0.0}:
            yield f"all hits {1000 * shifts.pop():+.0f} ms"
        else:
            yield from (text for n, (old, new) in pairs for text in _hit_changes(n, old, new))
    old_spans = [(span.start_s, span.end_s) for span in was.spans]
    new_spans = [(span.start_s, span.end_s) for span in now.spans]
    if old_spans != new_spans:
        yield f"{_stretches(old_spans)} → {_stretches(new_spans)}"


def _hit_changes(number: int, was: Hit, now: Hit) -> Iterator[str]:
    which = f"hit {number} at {was.time_s:.2f} s"
    if was.time_s != now.time_s:
        yield f"{which} {1000 * (now.time_s - was.time_s):+.0f} ms"
    if was.gain_db != now.gain_db:
        yield f"{which} {now.gain_db - was.gain_db:+.1f} dB"
    if was.azimuth_deg != now.azimuth_deg:
        yield f"{which} {_side(now.azimuth_deg - was.azimuth_deg)}"


def _where(source: Source) -> str:
    if source.kind is SourceKind.AROUND:
        return "all around"
    if source.kind is SourceKind.TRACK:
        aside = f", {_side(source.azimuth_deg)} of it" if source.azimuth_deg else ""
        return f"where it is seen{aside}"
    return f"at {_side(source.azimuth_deg)}"


def _side(azimuth_deg: float) -> str:
    if not azimuth_deg:
        return "the centre"
    return f"{abs(azimuth_deg):.0f}° {'left' if azimuth_deg > 0 else 'right'}"


def _when(event: SoundEvent) -> str:
    if event.spans:
        return f" from {event.start_s:.2f} s to {event.end_s:.2f} s"
    return " at " + ", ".join(f"{hit.time_s:.2f} s" for hit in event.hits)


def _stretches(spans: list[tuple[float, float]]) -> str:
    return ", ".join(f"{start:.2f}–{end:.2f} s" for start, end in spans) or "no span"


def _value(value: object) -> str:
    return "unsaid" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _name(value: object) -> str:
    return str(value).replace("_", " ")
