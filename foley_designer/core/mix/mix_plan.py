"""The mixing plan Π = {(i, O_i)} with the specialists' parameters (paper, section 3.3)."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part
from foley_designer.core.mix.processing import (
    Declip,
    Dereverb,
    Dynamics,
    EqBand,
    Futz,
    Reverb,
)
from foley_designer.core.note import Note
from foley_designer.core.space import Space


class Operation(StrEnum):
    """The elements of O_i."""

    REVERB = "reverb"
    EQ = "eq"
    DYNAMICS = "dyn"


class Framing(Part):
    """A stretch in which the picture shows a source nearer, farther or not at all."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    direct_db: float = Field(default=0.0, ge=-12, le=12)
    """Of the direct sound; its reverberation stays as loud as the room makes it."""
    room_db: float = Field(default=0.0, ge=-12, le=12)
    """Of the reverberation."""


class TrackPlan(Part):
    """What is done to one track, and why."""

    event_id: str
    operations: tuple[Operation, ...] = ()
    gain_db: float = Field(ge=-60, le=40)
    """Fader: from the processed stem to the mix, before mastering."""
    eq: tuple[EqBand, ...] = Field(default=(), max_length=6)
    reverb: Reverb | None = None
    dynamics: Dynamics | None = None
    declip: Declip | None = None
    dereverb: Dereverb | None = None
    futz: Futz | None = None
    framing: tuple[Framing, ...] = Field(default=(), max_length=400)
    """How it follows the sizes of shots, in time order."""
    reasons: tuple[str, ...] = ()


class SurroundMethod(StrEnum):
    """How 5.1 comes about."""

    UPMIX = "upmix"
    OBJECTS = "objects"
    MATRIX = "matrix"


class LoudnessTarget(StrEnum):
    """Named delivery targets."""

    EBU_R128 = "ebu_r128"
    ATSC_A85 = "atsc_a85"
    NETFLIX_FOLEY = "netflix_foley"
    THEATRICAL = "theatrical"


LOUDNESS: dict[LoudnessTarget, tuple[float | None, float]] = {
    LoudnessTarget.EBU_R128: (-23.0, -1.0),
    LoudnessTarget.ATSC_A85: (-24.0, -2.0),
    LoudnessTarget.NETFLIX_FOLEY: (-24.0, -2.0),
    LoudnessTarget.THEATRICAL: (None, -2.0),
}
"""Integrated loudness in LUFS (None: no target) and highest true peak in dBTP."""


class MixPlan(Document):
    """Π for one script."""

    SCHEMA: ClassVar[str] = "mix-plan"

    space: Space
    tracks: tuple[TrackPlan, ...]
    target: LoudnessTarget = LoudnessTarget.EBU_R128
    surround: SurroundMethod = SurroundMethod.UPMIX
    lfe_gain_db: float = Field(default=-10.0, ge=-40, le=0)
    notes: tuple[Note, ...] = ()

    def on_takes(self) -> "MixPlan":
        """The plan with the gain of each take into the mix, declipping's headroom included."""
        tracks = tuple(
            track.model_copy(update={"gain_db": track.gain_db - track.declip.headroom_db})
            if track.declip
            else track
            for track in self.tracks
        )
        return self.model_copy(update={"tracks": tracks})

    def of(self, event_id: str) -> TrackPlan:
        """The plan of one event's track.

        Raises:
            KeyError: there is none.
        """
        for track in self.tracks:
            if track.event_id == event_id:
                return track
        raise KeyError(event_id)
