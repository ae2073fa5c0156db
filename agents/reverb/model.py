"""Reverberation specialist by a language model."""

from collections.abc import Sequence
from typing import cast

from pydantic import Field

from foley_designer.agents.interfaces import TrackProposal
from foley_designer.agents.llm.reply import Reply
from foley_designer.agents.llm.specialist import ModelSpecialist
from foley_designer.agents.llm.tracks import LONGEST_REASON, TrackReply
from foley_designer.core.mix.mix_plan import Operation
from foley_designer.core.mix.processing import Futz, Reverb
from foley_designer.core.space import Space


class TrackReverbReply(TrackReply):
    """One track's reverberation, in the ranges of `Reverb`."""

    rt60_s: float = Field(ge=0.05, le=8)
    wet_db: float = Field(ge=-60, le=0)
    """Level of the reverberation relative to the direct sound."""
    predelay_ms: float = Field(default=0, ge=0, le=120)
    damping: float = Field(default=0.5, ge=0, le=1)
    futz: Futz | None = None
    """A device or wall that it comes through."""


class ReverbReply(Reply):
    """All tracks."""

    tracks: list[TrackReverbReply] = Field(max_length=100)


class ModelReverb(ModelSpecialist[TrackReverbReply]):
    """Places dry takes in the scene; the space itself is its scene's."""

    STEP = "reverb"
    PROMPT = "reverb/propose"
    REPLY = ReverbReply
    operation = Operation.REVERB

    def tracks_of(self, reply: Reply) -> Sequence[TrackReverbReply]:
        """The reply's tracks."""
        return cast("ReverbReply", reply).tracks

    def proposal(self, told: TrackReverbReply, space: Space) -> TrackProposal:
        """One track's reply as a proposal."""
        return TrackProposal(
            event_id=told.event,
            reverb=Reverb(
                space=space,
                rt60_s=told.rt60_s,
                predelay_ms=told.predelay_ms,
                wet_db=told.wet_db,
                damping=told.damping,
            ),
            futz=told.futz,
            reason=told.reason[:LONGEST_REASON],
        )
