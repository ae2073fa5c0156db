"""Additions: beds, followers, and sounds of the story that the picture does not show."""

from foley_designer.agents.interfaces import Flaw
from foley_designer.agents.scorer.layers import companions, lacks_company
from foley_designer.agents.scribe.bed import bed_event
from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.events import drafts
from foley_designer.agents.scribe.ordering import DRAFT, numbered
from foley_designer.agents.scribe.passages import passages
from foley_designer.agents.script_writer.context import Change, Context
from foley_designer.agents.validator.rules import event_for, missing_sounds
from foley_designer.core.card import Card
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, Source, SourceKind, Span

MAX_FOLLOWERS = 2
"""Followers that one refinement adds."""
_AROUND_S = 0.25
"""How long a follower sounds before and after each hit of its leader."""
_FOLLOWER_DB = -3.0


def missing_background(context: Context) -> Change | None:
    """Lay a bed under the scene."""
    if not context.has(Flaw.NO_BACKGROUND):
        return None
    bed = bed_event(context.brief, context.text.space, context.knowledge)
    events = numbered((*context.script.events, bed))
    return Change(events, f"Laid a bed under the scene: {bed.label}.")


def follow_up(context: Context) -> Change | None:
    """Add the layer that usually comes with a sound, such as cloth with footsteps."""
    added: list[SoundEvent] = []
    for leader in context.script.foreground:
        so_far = context.with_events((*context.script.events, *added)).script
        if len(added) == MAX_FOLLOWERS or not lacks_company(leader, so_far, context.knowledge):
            continue
        follower = companions(leader, context.knowledge)[0]
        added.append(_following(leader, follower, context))
    if not added:
        return None
    told = ", ".join(event.label for event in added)
    return Change(numbered((*context.script.events, *added)), f"Added what comes with it: {told}.")


def _following(leader: SoundEvent, card: Card, context: Context) -> SoundEvent:
    """A continuous sound that accompanies its leader's hits or spans."""
    return SoundEvent(
        id=DRAFT,
        label=card.title,
        description=f"{card.title} with {leader.label}, under it and in its rhythm.",
        subcategory=card.subcategory,
        layer=card.layer if leader.source.on_screen else Layer.BACKGROUND,
        spans=_around(leader, context.script.clip.duration_s),
        source=leader.source,
        performance=card.performance,
        gain_db=_FOLLOWER_DB,
        confidence=0.7 * leader.confidence,
        cards=(card.id,),
        reason=f"It usually comes with {leader.label} ({leader.id}).",
    )


def _around(leader: SoundEvent, end_s: float) -> tuple[Span, ...]:
    if leader.spans:
        return leader.spans
    found: list[Span] = []
    for hit in leader.hits:
        start, end = max(0.0, hit.time_s - _AROUND_S), min(end_s, hit.time_s + _AROUND_S)
        if found and start <= found[-1].end_s + _AROUND_S:
            found[-1] = found[-1].model_copy(update={"end_s": end})
        elif end > start:
            found.append(Span(start_s=start, end_s=end, intensity=0.3 + 0.4 * hit.strength))
    return tuple(found)


def narrative_sounds(context: Context) -> Change | None:
    """Add sounds that the words name and the script lacks, heard off screen."""
    observation = context.brief.observation
    called = calls(passages(context.brief), context.knowledge)
    if not missing_sounds(called, context.script.events):
        return None
    last = max(1, len(called) - 1)
    added = [
        _off_screen(draft.event)
        for index, call in enumerate(called)
        if event_for(call, context.script.events) is None
        for draft in drafts(call, (), (), index / last, observation, context.text.space)
    ]
    told = ", ".join(event.label for event in added)
    return Change(numbered((*context.script.events, *added)), f"Added what is told: {told}.")


def _off_screen(event: SoundEvent) -> SoundEvent:
    """The event heard from beside the picture."""
    if event.source.kind is SourceKind.AROUND:
        return event
    distance = event.source.distance_m or 8.0
    source = Source(
        kind=SourceKind.POINT,
        azimuth_deg=event.source.azimuth_deg or 35.0,
        distance_m=distance,
        on_screen=False,
    )
    return event.model_copy(update={"source": source})
