"""The mixing plan Π = {(i, O_i)} with the specialists' parameters (paper, section 3.3)."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part
from foley_designer.core.note import Note
from foley_designer.core.space import Space


class Operation(StrEnum):
    """The elements of O_i."""

    REVERB = "reverb"
    EQ = "eq"
    DYNAMICS = "dyn"


class EqKind(StrEnum):
    """Filter shapes."""

    PEAK = "peak"
    LOW_SHELF = "low_shelf"
    HIGH_SHELF = "high_shelf"
    HIGH_PASS = "high_pass"
    LOW_PASS = "low_pass"

    @property
    def cut_edge(self) -> str:
        """``low`` for a high-pass, ``high`` for a low-pass, empty for what has a gain."""
        return {"high_pass": "low", "low_pass": "high"}.get(self.value, "")

    @property
    def is_cut(self) -> bool:
        """Whether it cuts off one end."""
        return bool(self.cut_edge)


class EqBand(Part):
    """One filter. Gain within ±6 dB: carve, don't rebuild."""

    kind: EqKind
    frequency_hz: float = Field(ge=20, le=20000)
    gain_db: float = Field(default=0.0, ge=-6, le=6)
    q: float = Field(default=0.7, ge=0.3, le=8)


class Reverb(Part):
    """Early pattern and tail of the scene's space."""

    space: Space
    rt60_s: float = Field(ge=0.05, le=8)
    predelay_ms: float = Field(default=0.0, ge=0, le=120)
    wet_db: float = Field(ge=-60, le=0)
    """Level of the reverberation relative to the direct sound."""
    damping: float = Field(default=0.5, ge=0, le=1)


class Futz(StrEnum):
    """A device or a wall that the sound comes through."""

    RADIO = "radio"
    TELEPHONE = "telephone"
    NEXT_ROOM = "next_room"


class Declip(Part):
    """Flat tops restored before anything else touches the sound (A-SPADE)."""

    level: float = Field(default=0.999, ge=0.05, le=1)
    """Amplitude at which the wave was cut, re full scale."""
    headroom_db: float = Field(default=9.0, ge=3, le=18)
    """How far restored peaks may rise above the level; the track is turned down by as much."""


class Dereverb(Part):
    """A reverberation that a take brought along, shortened to the scene's.

    Safe where the take decays between its sounds: a steady one can't be told from a long tail, and
    loses 1 dB at 0.2 s and 8 dB at 1.2 s.
    """

    rt60_s: float = Field(ge=0.2, le=8)
    """Reverberation time as measured."""
    target_s: float = Field(ge=0.05, le=4)
    """Time in which what follows a sound shall decay by 60 dB."""
    depth_db: float = Field(default=30.0, ge=6, le=40)
    """Most that any band is turned down; more than 30 dB begins to sound gated."""


class Dynamics(Part):
    """Compressor, and ducking under the foreground."""

    threshold_db: float = Field(default=-18, ge=-60, le=0)
    ratio: float = Field(default=2.0, ge=1, le=8)
    attack_ms: float = Field(default=15, ge=1, le=100)
    release_ms: float = Field(default=200, ge=20, le=1000)
    duck_db: float = Field(default=0.0, ge=0, le=6)
    """How far to dip while the foreground sounds."""


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
