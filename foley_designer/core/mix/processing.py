"""Parameters of the processors that a plan or an editor puts on a track."""

from enum import StrEnum

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.space import Space


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
