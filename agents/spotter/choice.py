"""Which moments are worth a look: of the kinds that the named sounds are made at."""

from typing import TYPE_CHECKING

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import passages
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Moment, MomentKind
from foley_designer.core.sounds.model import Action
from foley_designer.vision.tracking.candidates import candidates

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_KINDS = {
    Action.STRIKE: MomentKind.IMPACT,
    Action.BOUNCE: MomentKind.IMPACT,
    Action.STEPS: MomentKind.STEP,
    Action.VOICE: MomentKind.APPEARANCE,
    Action.FLASH: MomentKind.FLASH,
}


def worth_a_look(
    brief: Brief, knowledge: "Knowledge", most: int, *, doubtful_first: bool = False
) -> tuple[Moment, ...]:
    """Moments in time order; impacts and steps if the words name no action of one instant.

    Args:
        brief: what was seen and what the words say.
        knowledge: cards that the words are matched against.
        most: how many at most.
        doubtful_first: if there are more, take those between yes and no.
    """
    named = {
        _KINDS[call.action]
        for call in calls(passages(brief), knowledge)
        if call.action in _KINDS and not call.is_off_screen
    }
    kinds = named or {MomentKind.IMPACT, MomentKind.STEP}
    return candidates(brief.observation, most, kinds, doubtful_first=doubtful_first)
