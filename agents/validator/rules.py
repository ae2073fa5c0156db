"""FilmScribe's validator by rules: completeness and accuracy against what was seen and told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scribe.calls import Call, calls
from foley_designer.agents.scribe.passages import passages
from foley_designer.agents.scribe.stillness import (
    empty_stretches,
    groundless_times,
    unseen_times,
)
from foley_designer.agents.scribe.timing import Spot, moments_of
from foley_designer.agents.validator.coverage import Coverage, confident_moments
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Moment, Observation
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.vision.events.spotting import select

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge


class RulesValidator:
    """Objects where T misses what was seen or told, or holds what has no ground in either.

    Args:
        knowledge: the cards that words are matched against.
        spot: chooses the moments of an action, `foley_designer.vision.events.spotting.select`.
    """

    def __init__(self, knowledge: "Knowledge", spot: Spot = select) -> None:
        self.knowledge = knowledge
        self.spot = spot

    def review(self, brief: Brief, text: StructuredText) -> tuple[Objection, ...]:
        """Objections to T, accuracy first; an empty answer is agreement."""
        called = calls(passages(brief), self.knowledge)
        observation = brief.observation
        return (
            *_unknown_tracks(text.events, observation),
            *_outside(text.events, observation),
            *_groundless(text.events, observation),
            *missing_sounds(called, text.events),
            *self._missed(called, text.events, observation),
        )

    def _missed(
        self, called: tuple[Call, ...], events: tuple[SoundEvent, ...], observation: Observation
    ) -> Iterator[Objection]:
        """Moments of a named action for its event; other confident ones by their track."""
        coverage = Coverage(events)
        told: set[str] = set()
        for call in called:
            event = event_for(call, events)
            if event is None or not event.impulsive:
                continue
            if call.is_off_screen or call.is_once or call.times:
                continue
            moments = moments_of(call, called, observation, self.spot)
            missed = tuple(m for m in moments if not coverage.explains(m) and m.id not in told)
            told |= {moment.id for moment in missed}
            if missed:
                yield _missed_objection(missed, event)
        rest: dict[str | None, list[Moment]] = {}
        for moment in confident_moments(observation, called):
            if moment.id not in told and not coverage.explains(moment):
                rest.setdefault(moment.track_id, []).append(moment)
        for moments_of_track in rest.values():
            yield _missed_objection(tuple(moments_of_track), None)


def missing_sounds(
    called: tuple[Call, ...], events: tuple[SoundEvent, ...]
) -> tuple[Objection, ...]:
    """An objection for each sound that the words name and no event performs."""
    return tuple(
        Objection(
            flaw=Flaw.SCRIPT_SOUND_MISSING,
            text=f"{call.passages[0].speaker} names “{call.words}”; no event performs it.",
        )
        for call in called
        if event_for(call, events) is None
    )


def event_for(call: Call, events: tuple[SoundEvent, ...]) -> SoundEvent | None:
    """The event that performs a call: by its card, else by its subcategory."""
    by_card = (event for event in events if call.card.id in event.cards)
    same_kind = (event for event in events if event.subcategory is call.card.subcategory)
    return next(by_card, None) or next(same_kind, None)


def _unknown_tracks(
    events: tuple[SoundEvent, ...], observation: Observation
) -> Iterator[Objection]:
    for event in events:
        track_id = event.source.track_id
        if event.source.kind is SourceKind.TRACK and observation.track(track_id) is None:
            known = ", ".join(track.id for track in observation.tracks) or "none"
            text = f"{event.id} follows track {track_id}, which was not seen; known: {known}."
            yield Objection(flaw=Flaw.UNKNOWN_TRACK, text=text, event_id=event.id)


def _outside(events: tuple[SoundEvent, ...], observation: Observation) -> Iterator[Objection]:
    end = observation.clip.duration_s
    for event in events:
        if event.end_s > end + observation.clip.frame_s:
            text = f"{event.id} ends at {event.end_s:.2f} s; the clip ends at {end:.2f} s."
            yield Objection(flaw=Flaw.OUTSIDE_SHOT, text=text, event_id=event.id)
        elif times := unseen_times(event, observation):
            listed = ", ".join(f"{time_s:.2f}" for time_s in times[:6])
            shown = f"{event.id} sounds at {listed} s, where track {event.source.track_id} is not"
            text = f"{shown} in the picture and no moment shows it."
            yield Objection(flaw=Flaw.OUTSIDE_SHOT, text=text, event_id=event.id)


def _groundless(events: tuple[SoundEvent, ...], observation: Observation) -> Iterator[Objection]:
    stretches = empty_stretches(observation)
    for event in events:
        times = groundless_times(event, stretches)
        if times:
            listed = ", ".join(f"{time_s:.2f}" for time_s in times[:6])
            text = f"{event.id} sounds at {listed} s, where nothing moves in the picture."
            yield Objection(flaw=Flaw.EMPTY_STRETCH, text=text, event_id=event.id)


def _missed_objection(moments: tuple[Moment, ...], event: SoundEvent | None) -> Objection:
    listed = ", ".join(f"{moment.time_s:.2f}" for moment in moments[:6])
    whose = f"{event.id} leaves out" if event else "no event explains"
    return Objection(
        flaw=Flaw.MISSED_MOMENT,
        text=f"{len(moments)} visible moment(s) that {whose}: {listed} s.",
        event_id=event.id if event else None,
        moment_ids=tuple(moment.id for moment in moments),
    )
