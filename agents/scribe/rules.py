"""FilmScribe's generator by rules: words call for sounds, the picture says when and where."""

from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scribe.bed import bed_event, is_bed
from foley_designer.agents.scribe.calls import MAX_CALLS, Call, calls
from foley_designer.agents.scribe.casting import cast
from foley_designer.agents.scribe.events import Draft, drafts
from foley_designer.agents.scribe.grounding import grounded, nearest
from foley_designer.agents.scribe.ordering import numbered, with_a_front
from foley_designer.agents.scribe.passages import passages
from foley_designer.agents.scribe.revision import repaired, with_missed
from foley_designer.agents.scribe.setting import (
    shot_descriptions,
    space_of,
    summary_of,
    tone_of,
)
from foley_designer.agents.scribe.sharing import share
from foley_designer.agents.scribe.shots.closeness import close_up_drafts
from foley_designer.agents.scribe.timing import Spot, moments_of
from foley_designer.agents.scribe.unsaid.pictured import LOOK, lookalikes
from foley_designer.agents.scribe.unsaid.unnamed import (
    ADVICE,
    BLIND,
    FOREIGN,
    UNKNOWN,
    movement_drafts,
    unnamed_drafts,
    walker_drafts,
)
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.vision.events.spotting import select
from foley_designer.vision.pictures.files import PART

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

__all__ = ["RulesScribe", "numbered"]


class RulesScribe:
    """Proposes T by rules; the same brief gives the same T.

    Args:
        knowledge: the cards that words are matched against.
        spot: chooses the moments of an action, `foley_designer.vision.events.spotting.select`.
    """

    def __init__(self, knowledge: "Knowledge", spot: Spot = select) -> None:
        self.knowledge = knowledge
        self.spot = spot

    def propose(
        self, brief: Brief, previous: StructuredText | None, feedback: tuple[Objection, ...]
    ) -> StructuredText:
        """T(0) from what is told and seen; T(k+1) opens only what was objected to."""
        texts = passages(brief)
        called = calls(texts, self.knowledge) or grounded(texts, self.knowledge)
        if previous is not None:
            return self._revised(brief, called, previous, feedback)
        return self._first(brief, called)

    def _first(self, brief: Brief, called: tuple[Call, ...]) -> StructuredText:
        observation = brief.observation
        space = space_of(brief, called)
        found = self._drafts(brief, called, space)
        if not called:
            found = unnamed_drafts(observation, self.knowledge)
        elif is_look(called):
            found += walker_drafts(observation, self.knowledge, found)
        elif all(call.action is Action.FILL or call.is_off_screen for call in called):
            found += movement_drafts(observation, self.knowledge)
        found += close_up_drafts(observation, [draft.event for draft in found], self.knowledge)
        points = [draft.open_point for draft in found if draft.open_point]
        events = list(with_a_front(tuple(draft.event for draft in found)))
        if not any(is_bed(event, observation.clip.duration_s) for event in events):
            events.append(bed_event(brief, space, self.knowledge))
        return StructuredText(
            summary=summary_of(brief),
            shots=shot_descriptions(observation),
            space=space,
            outdoors=ACOUSTICS[space].outdoors,
            tone=tone_of(brief),
            events=numbered(tuple(events)),
            open_points=(*points, *(_remarks(brief, called) or _of_place(space))),
        )

    def _drafts(self, brief: Brief, called: tuple[Call, ...], space: Space) -> tuple[Draft, ...]:
        """The events of all calls, the makers and moments shared out among them."""
        observation = brief.observation
        seen = tuple(
            () if call.is_off_screen else moments_of(call, called, observation, self.spot)
            for call in called
        )
        makers = cast(called, seen, observation)
        own = share(called, seen, makers, observation.clip.duration_s)
        last = max(1, len(called) - 1)
        return tuple(
            draft
            for index, call in enumerate(called)
            for draft in drafts(call, own[index], makers[index], index / last, observation, space)
        )

    def _revised(
        self,
        brief: Brief,
        called: tuple[Call, ...],
        previous: StructuredText,
        feedback: tuple[Objection, ...],
    ) -> StructuredText:
        observation = brief.observation
        events = repaired(previous.events, feedback, observation)
        events = with_missed(events, feedback, observation, self.knowledge, named=bool(called))
        points = list(previous.open_points)
        if any(objection.flaw is Flaw.SCRIPT_SOUND_MISSING for objection in feedback):
            known = {card for event in events for card in event.cards}
            missing = tuple(call for call in called if known.isdisjoint(call.cards))
            new = self._drafts(brief, missing, previous.space)
            events = (*events, *(draft.event for draft in new))
            points += [draft.open_point for draft in new if draft.open_point]
        return previous.model_copy(
            update={"events": numbered(events), "open_points": tuple(dict.fromkeys(points))}
        )


def is_look(called: tuple[Call, ...]) -> bool:
    """Whether nothing was said, and the calls are what the picture is taken for."""
    return bool(called) and called[0].passages[0].origin == LOOK


def _of_place(space: Space) -> tuple[str, ...]:
    """What a user should know of a place that could not be told."""
    if space is not Space.UNKNOWN:
        return ()
    return ("Neither words nor frames say where it plays: kept dry. Name the place to hear it.",)


def _remarks(brief: Brief, called: tuple[Call, ...]) -> tuple[str, ...]:
    """What a user should know about words that name nothing, or too much."""
    if not called:
        words = " ".join(passage.text for passage in passages(brief))
        if not words:
            return (ADVICE,) if PART in brief.observation.parts else (ADVICE, BLIND)
        return (UNKNOWN if lexicon.reads_english(words) else FOREIGN,)
    if is_look(called):
        return tuple(one.note() for one in lookalikes(brief.observation))
    guessed = [call for call in called if call.similarity is not None]
    if guessed:
        return tuple(nearest(call) for call in guessed)
    if len(called) == MAX_CALLS:
        return (f"The text names {MAX_CALLS} sounds or more; only the first of them are heard.",)
    return ()
