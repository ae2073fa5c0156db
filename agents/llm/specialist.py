"""What the three specialists by a language model share: question, fallback, conversion."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from foley_designer.agents.interfaces import Specialist, SpecialistProposal, TrackProposal
from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import ModelAgent
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.tracks import TrackReply, by_event
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space

TR = TypeVar("TR", bound=TrackReply)


def _repaired(
    own: dict[str, TrackProposal], ruled: SpecialistProposal
) -> tuple[TrackProposal, ...]:
    """A model's proposals with the rules' repairs: a measured fault is no matter of taste."""
    for track in ruled.tracks:
        if not (track.declip or track.dereverb):
            continue
        wish = own.get(track.event_id)
        if wish is None:
            own[track.event_id] = track
            continue
        mended = {"declip": track.declip, "dereverb": track.dereverb}
        dry = {"reverb": None} if track.dereverb else {}
        reason = f"{track.reason}; {wish.reason}"
        own[track.event_id] = wish.model_copy(update=mended | dry | {"reason": reason})
    return tuple(own.values())


class ModelSpecialist(ModelAgent, Generic[TR]):
    """Asks for parameters of every track that its operation is planned for.

    Subclasses set the prompt, the reply, and turn one track's reply into a proposal.
    """

    PROMPT: str
    REPLY: type[Reply]
    operation: Operation

    def __init__(self, rules: Specialist, client: ModelClient, notebook: Notebook) -> None:
        super().__init__(client, notebook)
        self.rules = rules

    def propose(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        plan: MixPlan,
        peers: tuple[SpecialistProposal, ...],
    ) -> SpecialistProposal:
        """Parameters inside the documented ranges."""
        asked = [track.event_id for track in plan.tracks if self.operation in track.operations]
        if not asked:
            return SpecialistProposal(operation=self.operation)
        values = {
            "space": plan.space.value,
            "story": views.story(script),
            "tracks": views.track_views(script, diagnosis, plan),
            "asked": ", ".join(asked),
            "peers": [peer.model_dump(mode="json", exclude_defaults=True) for peer in peers],
        }

        ruled = self.rules.propose(script, diagnosis, plan, peers)

        def convert(reply: Reply) -> SpecialistProposal:
            told = by_event(self.tracks_of(reply), (event.id for event in script.events))
            own = {
                event_id: self.proposal(told[event_id], script.space_of(script.event(event_id)))
                for event_id in asked
                if event_id in told
            }
            return SpecialistProposal(operation=self.operation, tracks=_repaired(own, ruled))

        self.client.attend(script, diagnosis)
        return self.try_model(
            lambda: self.client.ask(
                self.PROMPT,
                self.REPLY,
                values,
                convert,
                views.mel(diagnosis, "the takes"),
                sounds=views.heard(script, diagnosis, "the takes", asked),
            ),
            lambda: ruled,
        )

    def reason(self, event: SoundEvent, features: TrackFeatures, space: Space) -> str:
        """The rules' reason: the planner decides who is asked."""
        return self.rules.reason(event, features, space)

    @abstractmethod
    def tracks_of(self, reply: Reply) -> Sequence[TR]:
        """The reply's tracks."""

    @abstractmethod
    def proposal(self, told: TR, space: Space) -> TrackProposal:
        """One track's reply as a proposal; ``space`` is its scene's."""


AnySpecialist = ModelSpecialist[Any]
