"""Dynamics specialist by a language model."""

from collections.abc import Sequence
from typing import cast

from pydantic import Field

from foley_designer.agents.interfaces import TrackProposal
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.specialist import ModelSpecialist
from foley_designer.agents.llm.tracks import LONGEST_REASON, TrackReply
from foley_designer.core.mix.mix_plan import Operation
from foley_designer.core.mix.processing import Dynamics
from foley_designer.core.space import Space


class TrackDynamicsReply(TrackReply):
    """One track's dynamics."""

    dynamics: Dynamics | None = None
    gain_change_db: float = Field(default=0, ge=-6, le=6)


class DynamicsReply(Reply):
    """All tracks."""

    tracks: list[TrackDynamicsReply] = Field(max_length=100)


class ModelDynamics(ModelSpecialist[TrackDynamicsReply]):
    """Holds what is spiky, ducks what hides, raises what is lost."""

    STEP = "dynamics"
    PROMPT = "dynamics/propose"
    REPLY = DynamicsReply
    operation = Operation.DYNAMICS

    def tracks_of(self, reply: Reply) -> Sequence[TrackDynamicsReply]:
        """The reply's tracks."""
        return cast("DynamicsReply", reply).tracks

    def proposal(self, told: TrackDynamicsReply, space: Space) -> TrackProposal:  # noqa: ARG002
        """One track's reply as a proposal."""
        return TrackProposal(
            event_id=told.event,
            dynamics=told.dynamics,
            gain_change_db=told.gain_change_db,
            reason=told.reason[:LONGEST_REASON],
        )
