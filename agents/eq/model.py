"""Equalisation specialist by a language model."""

from collections.abc import Sequence
from typing import cast

from pydantic import Field

from foley_designer.agents.interfaces import TrackProposal
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.specialist import ModelSpecialist
from foley_designer.agents.llm.tracks import LONGEST_REASON, TrackReply
from foley_designer.core.mix.mix_plan import Operation
from foley_designer.core.mix.processing import EqBand
from foley_designer.core.space import Space


class TrackEqReply(TrackReply):
    """One track's filters."""

    bands: list[EqBand] = Field(max_length=6)


class EqReply(Reply):
    """All tracks."""

    tracks: list[TrackEqReply] = Field(max_length=100)


class ModelEq(ModelSpecialist[TrackEqReply]):
    """Carves room for what is hidden."""

    STEP = "eq"
    PROMPT = "eq/propose"
    REPLY = EqReply
    operation = Operation.EQ

    def tracks_of(self, reply: Reply) -> Sequence[TrackEqReply]:
        """The reply's tracks."""
        return cast("EqReply", reply).tracks

    def proposal(self, told: TrackEqReply, space: Space) -> TrackProposal:  # noqa: ARG002
        """One track's reply as a proposal."""
        return TrackProposal(
            event_id=told.event, eq=tuple(told.bands), reason=told.reason[:LONGEST_REASON]
        )
