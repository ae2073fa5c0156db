"""What an operator works on, and what it returns."""

from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents.interfaces import Flaw, Score
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.structured_text import StructuredText

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge


class Context(NamedTuple):
    """One candidate with its ground: (V, F), T, the candidate's score, and the cards."""

    brief: Brief
    text: StructuredText
    script: FoleyScript
    score: Score
    knowledge: "Knowledge"

    def flawed(self, flaw: Flaw) -> frozenset[str]:
        """Ids of the events that the score objects to for this flaw."""
        found = (o.event_id for o in self.score.objections if o.flaw is flaw)
        return frozenset(event_id for event_id in found if event_id)

    def has(self, flaw: Flaw) -> bool:
        """Whether the score objects to this flaw anywhere."""
        return any(objection.flaw is flaw for objection in self.score.objections)

    def with_events(self, events: tuple[SoundEvent, ...]) -> "Context":
        """The same ground under changed events."""
        return self._replace(script=self.script.model_copy(update={"events": events}))


class Change(NamedTuple):
    """What an operator made of the events."""

    events: tuple[SoundEvent, ...]
    reason: str
