"""s_align: does the script sound when and what the picture and the words say?"""

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scorer.part import Part, together
from foley_designer.agents.scribe.calls import Call
from foley_designer.agents.validator.coverage import (
    Coverage,
    confident_moments,
    is_near,
)
from foley_designer.agents.validator.rules import missing_sounds
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SoundEvent

MIN_WORDS = 4
"""A description with fewer words is ambiguous."""
_HIT_BY_GUESS = 0.5
"""Worth of a hit on screen that no moment supports."""


def alignment(script: FoleyScript, observation: Observation, called: tuple[Call, ...]) -> Part:
    """Moments explained, hits supported, named sounds present, surfaces and words clear."""
    parts = (
        (0.25, _explained(script, observation, called)),
        (0.2, _supported(script, observation)),
        (0.25, _named(script, called)),
        (0.15, _surfaced(script)),
        (0.15, _clear(script)),
    )
    return together(parts)


def _explained(script: FoleyScript, observation: Observation, called: tuple[Call, ...]) -> Part:
    moments = confident_moments(observation, called)
    coverage = Coverage(script.events)
    missed = [moment for moment in moments if not coverage.explains(moment)]
    if not missed:
        return 1.0, []
    weight = sum(moment.confidence for moment in moments)
    share = 1.0 - sum(moment.confidence for moment in missed) / weight
    text = f"{len(missed)} of {len(moments)} visible moments belong to no event."
    ids = tuple(moment.id for moment in missed)
    return share, [Objection(flaw=Flaw.MISSED_MOMENT, text=text, moment_ids=ids)]


def _supported(script: FoleyScript, observation: Observation) -> Part:
    """Hits on screen with a moment near them; those off screen need none."""
    times = [moment.time_s for moment in observation.moments]
    worth: list[float] = []
    for event in script.events:
        for hit in event.hits:
            seen = is_near(times, hit.time_s)
            worth.append(1.0 if seen or not event.source.on_screen else _HIT_BY_GUESS)
    return (sum(worth) / len(worth) if worth else 1.0), []


def _named(script: FoleyScript, called: tuple[Call, ...]) -> Part:
    missing = missing_sounds(called, script.events)
    return (1.0 - len(missing) / len(called) if called else 1.0), list(missing)


def _surfaced(script: FoleyScript) -> Part:
    concerned = [event for event in script.events if needs_surface(event)]
    bare = [event for event in concerned if not event.performance.surface]
    objections = [
        Objection(
            flaw=Flaw.MISSING_SURFACE,
            text=f"{event.id} does not say what it happens on.",
            event_id=event.id,
        )
        for event in bare
    ]
    return (1.0 - len(bare) / len(concerned) if concerned else 1.0), objections


def _clear(script: FoleyScript) -> Part:
    vague = [event for event in script.events if is_vague(event)]
    objections = [
        Objection(
            flaw=Flaw.AMBIGUOUS_DESCRIPTION,
            text=f"{event.id}: “{event.description}” does not say how it sounds.",
            event_id=event.id,
        )
        for event in vague
    ]
    return 1.0 - len(vague) / len(script.events), objections


def needs_surface(event: SoundEvent) -> bool:
    """Whether it can't be performed well without knowing the surface: steps, blows, chopping."""
    return event.sound.surfaced and event.sound.repeats


def is_vague(event: SoundEvent) -> bool:
    """Whether a description leaves an engine guessing: too short, or without its surface."""
    words = event.description.lower()
    if len(words.split()) < MIN_WORDS:
        return True
    surface = event.performance.surface
    return needs_surface(event) and surface is not None and surface not in words
