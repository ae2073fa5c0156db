"""Spotting: what an editor's marker asks for, read by the same reviser that hears requests.

A marker that names a change ("rain quieter", "no birds") is that change at its time; one that
names a sound ("door slam") wants it there. What is said to others (picture, music) is left alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from foley_designer.agents.reviser.understanding import Reviser, Situation, Understanding
from foley_designer.core.revision.operations import AddEvent, AdjustTime, Operation
from foley_designer.core.script.sound_event import SoundEvent, SourceKind

NEAR_S = 0.5
"""Time within which a sound that is there already is the one that a marker names: half a second is
what an editor's hand is off by while the picture runs."""
LASTS_S = 2.0
"""Length of a sound that goes on, where neither its marker has one nor it is a bed."""
_OURS = re.compile(r"^\s*(foley|fol|fx|sfx|snd|sound|bg|bgs|amb|atmos?|spot)\b\s*[:\-–]\s*", re.I)
_OTHERS = re.compile(
    r"^\s*(?:(adr|vo|mx|vfx|gfx)\b|(dial(?:ogue)?|music|score|title|colou?r|grade|pic(?:ture)?"
    r"|edit|opt(?:ical)?|legal|prod(?:uction)?)\b\s*[:\-–])",
    re.I,
)
_SLATES = re.compile(
    r"^\s*(shot|scene|sc|take|tk|slate|marker|reel|cut|setup|cam(era)?)\.?\s*#?\d+\w*"
    r"(\W+(take|tk)?\s*\d+)?\W*$",
    re.I,
)
_ONWARDS = re.compile(r"\bfrom (here|now|this point) on(wards?)?\b", re.I)


class Spotted(NamedTuple):
    """What a marker asks for; without operations, why it is left to a person."""

    operations: tuple[Operation, ...]
    unclear: str = ""


def spotted(
    text: str, time_s: float, end_s: float | None, situation: Situation, reviser: Reviser
) -> Spotted:
    """Read a marker.

    Args:
        text: its words.
        time_s: where it stands.
        end_s: where it ends; None for a moment.
        situation: the script, and what else words may refer to.
        reviser: who understands requests.
    """
    if other := _OTHERS.match(text):
        return Spotted((), f"it is for {other[0].strip(' :-–').lower()}, not for Foley")
    plain = _OURS.sub("", text).strip().rstrip(".!")
    if _SLATES.match(plain):
        return Spotted((), "it is the name of a shot")
    alone = reviser.understand(plain, situation)
    if alone.operations or alone.options:
        return _changed(plain, time_s, end_s, situation, reviser, alone)
    if _ONWARDS.search(plain):
        return Spotted((), alone.unclear or "it says nothing of one moment")
    length = end_s - time_s if end_s is not None else None
    found = reviser.understand(f"add {plain} {_when(time_s, end_s)}", situation)
    if not found.operations:
        return Spotted((), alone.unclear or found.question or "it asks for nothing")
    done = [_placed(one, time_s, length, situation) for one in found.operations]
    return Spotted(tuple(one for one in done if one is not None))


def _changed(
    plain: str,
    time_s: float,
    end_s: float | None,
    situation: Situation,
    reviser: Reviser,
    alone: Understanding,
) -> Spotted:
    """A change at a marker's time; one that can only be had of the whole sound is that."""
    found = alone
    for when in _times(time_s, end_s):
        found = reviser.understand(f"{plain} {when}", situation)
        if found.operations:
            return Spotted(found.operations)
    kinds = {one.kind for one in alone.operations}
    if alone.operations and not kinds & {"adjust_level", "remove_event", "adjust_time"}:
        return Spotted(alone.operations)
    return Spotted((), found.unclear or found.question)


def _times(time_s: float, end_s: float | None) -> Iterator[str]:
    """A marker's time in words: there, and for what goes on, from there on."""
    yield _when(time_s, end_s)
    if end_s is None:
        yield f"from {time_s:.3f} s"


def _when(time_s: float, end_s: float | None) -> str:
    return f"at {time_s:.3f} s" if end_s is None else f"from {time_s:.3f} to {end_s:.3f} s"


def _placed(
    one: Operation, time_s: float, length_s: float | None, situation: Situation
) -> Operation | None:
    """A new sound, or the one of its kind that is there already, moved; None if it is in place."""
    if not isinstance(one, AddEvent):
        return one
    event = one.event
    if event.hits and (near := _near(event, time_s, situation)) is not None:
        there, number = near
        if abs(there.hits[number - 1].time_s - time_s) < situation.script.clip.frame_s / 2:
            return None
        return AdjustTime(event_id=there.id, to_s=time_s, hits=(number,), reason=one.reason)
    if event.spans and length_s is None and event.source.kind is not SourceKind.AROUND:
        end_s = min(time_s + LASTS_S, situation.script.clip.duration_s)
        spans = tuple(span.model_copy(update={"end_s": end_s}) for span in event.spans[:1])
        return one.model_copy(update={"event": event.model_copy(update={"spans": spans})})
    return one


def _near(event: SoundEvent, time_s: float, situation: Situation) -> tuple[SoundEvent, int] | None:
    """The hit of the same sound that lies nearest, with its number from 1."""
    play = event.performance.variant
    hits = [
        (abs(hit.time_s - time_s), other, number)
        for other in situation.script.events
        if other.subcategory is event.subcategory and other.performance.variant in (play, None)
        for number, hit in enumerate(other.hits, start=1)
    ]
    near = min(hits, key=lambda one: one[0], default=None)
    return (near[1], near[2]) if near and near[0] <= NEAR_S else None
