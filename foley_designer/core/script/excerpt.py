"""Excerpts: what was seen and written of one stretch of a film, as if it were a clip of its own.

Times move to the excerpt's start on the way in and back on the way out, rounded to microseconds so
that the way and back changes nothing.
"""

from collections.abc import Sequence
from typing import TypeVar

from foley_designer.core.script.observation import Moment, Observation, Shot, Track
from foley_designer.core.script.scene import FilmScene
from foley_designer.core.script.screenplay import Element, ScriptScene
from foley_designer.core.script.sound_event import Hit, SoundEvent, Span

_Timed = TypeVar("_Timed", Hit, Moment)


def excerpt(observation: Observation, start_s: float, end_s: float) -> Observation:
    """What was seen in [start_s, end_s), with times from its start."""
    clip = observation.clip
    first, last = round(start_s / clip.frame_s), round(end_s / clip.frame_s)
    tracks = (_track(track, start_s, end_s) for track in observation.tracks)
    return observation.model_copy(
        update={
            "clip": clip.model_copy(
                update={"duration_s": end_s - start_s, "frame_count": max(1, last - first)}
            ),
            "shots": _shots(observation.shots, start_s, end_s),
            "tracks": tuple(track for track in tracks if track),
            "moments": _inside(observation.moments, start_s, end_s),
            "activity": observation.activity[first:last],
            "silent_s": tuple(t - start_s for t in observation.silent_s if start_s <= t < end_s),
        }
    )


def events_within(
    events: Sequence[SoundEvent], start_s: float, end_s: float
) -> tuple[SoundEvent, ...]:
    """What sounds in [start_s, end_s), with times from its start; spans are cut to it."""
    found = []
    for event in events:
        hits = _inside(event.hits, start_s, end_s)
        spans = tuple(
            span.model_copy(update={"start_s": _moved(a, -start_s), "end_s": _moved(b, -start_s)})
            for span in event.spans
            if (b := min(span.end_s, end_s)) - (a := max(span.start_s, start_s)) > 1e-6
        )
        if hits or spans:
            found.append(event.model_copy(update={"hits": hits, "spans": spans}))
    return tuple(found)


def later(events: Sequence[SoundEvent], by_s: float, end_s: float) -> tuple[SoundEvent, ...]:
    """Events moved by some seconds; spans end at ``end_s`` at the latest."""
    return tuple(
        event.model_copy(
            update={
                "hits": tuple(
                    hit.model_copy(update={"time_s": _moved(hit.time_s, by_s)})
                    for hit in event.hits
                ),
                "spans": tuple(_later_span(span, by_s, end_s) for span in event.spans),
            }
        )
        for event in events
    )


def words_within(text: ScriptScene | None, scene: FilmScene) -> ScriptScene | None:
    """A scene's words with their times from its start."""
    if text is None:
        return None
    elements = tuple(_element(element, scene) for element in text.elements)
    return text.model_copy(update={"elements": elements})


def _element(element: Element, scene: FilmScene) -> Element:
    if element.start_s is None:
        return element
    end = element.end_s if element.end_s is not None else scene.end_s
    return element.model_copy(
        update={
            "start_s": max(0.0, _moved(element.start_s, -scene.start_s)),
            "end_s": _moved(min(end, scene.end_s), -scene.start_s),
        }
    )


def _moved(time_s: float, by_s: float) -> float:
    return max(0.0, round(time_s + by_s, 6))


def _later_span(span: Span, by_s: float, end_s: float) -> Span:
    start = _moved(span.start_s, by_s)
    end = max(min(_moved(span.end_s, by_s), round(end_s, 6)), start + 1e-3)
    return span.model_copy(update={"start_s": start, "end_s": end})


def _inside(timed: Sequence[_Timed], start_s: float, end_s: float) -> tuple[_Timed, ...]:
    return tuple(
        one.model_copy(update={"time_s": _moved(one.time_s, -start_s)})
        for one in timed
        if start_s - 1e-6 <= one.time_s < end_s - 1e-6
    )


def _shots(shots: Sequence[Shot], start_s: float, end_s: float) -> tuple[Shot, ...]:
    inside = [shot for shot in shots if shot.start_s < end_s - 1e-6 and shot.end_s > start_s + 1e-6]
    return tuple(
        shot.model_copy(
            update={
                "index": index,
                "start_s": _moved(max(shot.start_s, start_s), -start_s),
                "end_s": _moved(min(shot.end_s, end_s), -start_s),
            }
        )
        for index, shot in enumerate(inside)
    )


def _track(track: Track, start_s: float, end_s: float) -> Track | None:
    sightings = tuple(
        one.model_copy(update={"time_s": _moved(one.time_s, -start_s)})
        for one in track.sightings
        if start_s <= one.time_s < end_s
    )
    return track.model_copy(update={"sightings": sightings}) if sightings else None
