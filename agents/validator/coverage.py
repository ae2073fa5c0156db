"""Which moments a set of events accounts for."""

from bisect import bisect_left

from foley_designer.agents.scribe.calls import Call
from foley_designer.core.category import Subcategory
from foley_designer.core.script.observation import Moment, MomentKind, Observation
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.sounds.model import Action
from foley_designer.vision.events.spotting import select

CONFIDENT = 0.6
"""Confidence from which a moment has to belong to an event."""
TOLERANCE_S = 0.08
"""A hit this near to a moment performs it: two frames at 24 fps."""


def confident_moments(observation: Observation, called: tuple[Call, ...]) -> tuple[Moment, ...]:
    """Contacts and steps that were clearly seen and that the named sounds leave to explain.

    A contact is clear if the onset model, which weighs all evidence, finds an impact there too.
    Light and entrances need not sound. If the words name sounds of the picture and none of them
    is made by a figure that touches things, contacts are of another kind: sparks, wheels.
    """
    shown = [call for call in called if not call.is_off_screen and call.action is not Action.FILL]
    if shown and not any(is_figures(call) for call in shown):
        return ()
    impacts = [moment.time_s for moment in select(observation, "impact")]
    return tuple(
        moment
        for moment in observation.moments
        if moment.confidence >= CONFIDENT
        and not moment.predicted
        and (
            moment.kind is MomentKind.STEP
            or (moment.kind is MomentKind.CONTACT and is_near(impacts, moment.time_s))
        )
    )


def is_figures(call: Call) -> bool:
    """Whether a call's sound is made by a figure: by walking, striking or handling."""
    by_touch = call.action in (Action.STEPS, Action.STRIKE, Action.BOUNCE, Action.MOVE)
    row = call.card.sound
    alone = row.goes_on or row.subcategory is Subcategory.ANIMAL_STEPS
    return by_touch and not alone and not call.is_off_screen


class Coverage:
    """What a set of events accounts for: instants that they perform, stretches that they fill.

    Args:
        events: the events of a script or of T.
    """

    def __init__(self, events: tuple[SoundEvent, ...]) -> None:
        self._moments = {hit.moment_id for event in events for hit in event.hits}
        self._times = sorted(hit.time_s for event in events for hit in event.hits)
        self._fills = [
            (event.source.track_id, span)
            for event in events
            if event.layer is Layer.FOREGROUND and event.source.kind is not SourceKind.AROUND
            for span in event.spans
        ]

    def explains(self, moment: Moment) -> bool:
        """Whether an event performs the moment, or sounds where and while it happens."""
        if moment.id in self._moments or self.has_hit_near(moment.time_s):
            return True
        return any(
            track_id in (None, moment.track_id) and span.start_s <= moment.time_s < span.end_s
            for track_id, span in self._fills
        )

    def has_hit_near(self, time_s: float) -> bool:
        """Whether an event has a hit within the tolerance of a time."""
        return is_near(self._times, time_s)


def is_near(times: list[float], time_s: float) -> bool:
    """Whether a sorted list holds a time within the tolerance of another."""
    place = bisect_left(times, time_s - TOLERANCE_S)
    return place < len(times) and times[place] <= time_s + TOLERANCE_S
