"""Parts of scripts as operations need them: found, changed, held inside the clip."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision.base import Hits
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit, SoundEvent, Span


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
    LOCKED = "locked"
    NOTHING_HEARD = "nothing_heard"
    CONTRADICTION = "contradiction"
    CHANGED_SINCE = "changed_since"
    UNKNOWN_TRACK = "unknown_track"


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


def find(script: FoleyScript, event_id: str) -> SoundEvent:
    """The event with this id.

    Raises:
        RevisionError: ``unknown_event``, with the ids that there are.
    """
    try:
        return script.event(event_id)
    except KeyError as error:
        have = ", ".join(event.id for event in script.events)
        raise RevisionError(
            Problem.UNKNOWN_EVENT, f"There is no event {event_id}.", f"There are {have}."
        ) from error


def on_event(
    script: FoleyScript, event_id: str, change: Callable[[SoundEvent], SoundEvent]
) -> FoleyScript:
    """The script with one event changed."""
    wanted = find(script, event_id)
    events = tuple(change(event) if event is wanted else event for event in script.events)
    return script.model_copy(update={"events": events})


def numbers(event: SoundEvent, hits: Hits) -> frozenset[int]:
    """The hits' numbers, each of which the event has."""
    if hits and max(hits) > len(event.hits):
        raise RevisionError(
            Problem.UNKNOWN_HIT,
            f"{event.id} has no hit {max(hits)}.",
            f"It has {len(event.hits)}." if event.hits else "It has spans alone.",
        )
    return frozenset(hits)


def with_hits(event: SoundEvent, hits: Hits, change: Callable[[Hit], Hit]) -> SoundEvent:
    """The event with some of its hits changed, in time order."""
    chosen = numbers(event, hits)
    changed = [change(hit) if n in chosen else hit for n, hit in enumerate(event.hits, start=1)]
    return event.model_copy(update={"hits": tuple(sorted(changed, key=lambda hit: hit.time_s))})


def inside(time_s: float, clip: Clip) -> float:
    """A time in seconds, without the dust of adding up.

    Raises:
        RevisionError: ``outside_clip``.
    """
    if not 0 <= time_s <= clip.duration_s:
        raise RevisionError(
            Problem.OUTSIDE_CLIP,
            f"{time_s:.2f} s lies outside of the clip.",
            f"The clip has {clip.duration_s:.2f} s.",
        )
    return round(time_s, 6)


def within(
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


def joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in time order, overlapping ones as one."""
    whole: list[Span] = []
    for span in spans:
        if whole and span.start_s <= whole[-1].end_s:
            end = max(whole[-1].end_s, span.end_s)
            whole[-1] = whole[-1].model_copy(update={"end_s": end})
        else:
            whole.append(span)
    return tuple(whole)


def free_id(event_id: str, script: FoleyScript) -> str:
    """An id made of another one's, such as ``e02_steps_b``."""
    used = {event.id for event in script.events}
    stem = event_id[:45]
    return next(
        name for letter in "bcdefghijklmnopqrstuvwxyz" if (name := f"{stem}_{letter}") not in used
    )


def db(value: float) -> float:
    """Decibels without the dust of adding them up."""
    return round(value, 3)


def treated(event: SoundEvent, **changes: object) -> SoundEvent:
    """The event with fields of its treatment changed."""
    return event.model_copy(update={"treatment": event.treatment.model_copy(update=changes)})
