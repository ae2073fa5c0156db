"""Which moments a set of events accounts for."""

from foley_designer.agents.scribe.calls import Action, Call
from foley_designer.core.category import Subcategory
from foley_designer.core.observation import Moment, MomentKind, Observation
from foley_designer.core.sound_event import Layer, SoundEvent, SourceKind

_FIGURES = frozenset(Subcategory) - {
    Subcategory.ANIMAL_STEPS,
    Subcategory.FIRE,
    Subcategory.FLOW,
    Subcategory.THUNDER,
}
CONFIDENT = 0.6
"""Confidence from which a moment has to belong to an event."""
TOLERANCE_S = 0.08
"""A hit this near to a moment performs it: two frames at 24 fps."""


def confident_moments(observation: Observation, called: tuple[Call, ...]) -> tuple[Moment, ...]:
    """Contacts and steps that were clearly seen and that the named sounds leave to explain.

    Light and entrances need not sound. Where the words name sounds and none of them is made by a
    figure that touches things, contacts in the picture are of another kind: sparks, wheels.
    """
    if called and not any(is_figures(call) for call in called):
        return ()
    return tuple(
        moment
        for moment in observation.moments
        if moment.confidence >= CONFIDENT
        and not moment.predicted
        and moment.kind in (MomentKind.CONTACT, MomentKind.STEP)
    )


def is_figures(call: Call) -> bool:
    """Whether a call's sound is made by a figure: by walking, striking or handling."""
    by_touch = call.action in (Action.STEPS, Action.STRIKE, Action.BOUNCE, Action.MOVE)
    return by_touch and call.card.subcategory in _FIGURES and not call.is_off_screen


def is_explained(moment: Moment, events: tuple[SoundEvent, ...]) -> bool:
    """Whether an event performs the moment, or sounds where and while it happens."""
    return any(_performs(event, moment) or _covers(event, moment) for event in events)


def _performs(event: SoundEvent, moment: Moment) -> bool:
    return any(
        hit.moment_id == moment.id or abs(hit.time_s - moment.time_s) <= TOLERANCE_S
        for hit in event.hits
    )


def _covers(event: SoundEvent, moment: Moment) -> bool:
    """A continuous foreground sound of the same source, or of one that was not tracked."""
    if event.layer is not Layer.FOREGROUND or event.source.kind is SourceKind.AROUND:
        return False
    same = event.source.track_id is None or event.source.track_id == moment.track_id
    return same and any(span.start_s <= moment.time_s < span.end_s for span in event.spans)
