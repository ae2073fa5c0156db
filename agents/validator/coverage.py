"""Which moments a set of events accounts for."""

from foley_designer.core.observation import Moment, MomentKind, Observation
from foley_designer.core.sound_event import Layer, SoundEvent, SourceKind

CONFIDENT = 0.6
"""Confidence from which a moment has to belong to an event."""
TOLERANCE_S = 0.08
"""A hit this near to a moment performs it: two frames at 24 fps."""


def confident_moments(observation: Observation) -> tuple[Moment, ...]:
    """Contacts and steps that were clearly seen. Light and entrances need not sound."""
    return tuple(
        moment
        for moment in observation.moments
        if moment.confidence >= CONFIDENT
        and not moment.predicted
        and moment.kind in (MomentKind.CONTACT, MomentKind.STEP)
    )


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
