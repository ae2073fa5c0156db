"""Treatment: what an editor has done to one event's sound by hand, after the mixing plan."""

from typing import Literal, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Part
from foley_designer.core.mix.processing import EqBand, Futz
from foley_designer.core.space import Space

WIDEST = 2.0
"""Side signal at most twice as large: beyond it a stereo stem falls apart in mono."""


class HandBand(EqBand):
    """One filter set by hand: an editor may go further than the planner, who carves."""

    gain_db: float = Field(default=0.0, ge=-18, le=18)


class Ride(Part):
    """A gain over [start_s, end_s)."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    gain_db: float = Field(ge=-60, le=24)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError(f"a ride ends at {self.end_s} s, before its start {self.start_s} s")
        return self


class Compression(Part):
    """A compressor whose threshold follows the take, so that takes of any level are held alike."""

    ratio: float = Field(default=3.0, ge=1, le=20)
    below_peak_db: float = Field(default=12.0, ge=1, le=40)
    """Threshold under the take's loudest millisecond, dB."""


class Duck(Part):
    """A dip while other events sound."""

    by: tuple[str, ...] = Field(min_length=1)
    """Ids of the events that it makes room for."""
    db: float = Field(gt=0, le=24)


class Fade(Part):
    """A fade: in from ``at_s``, or out until ``at_s``; nothing sounds beyond."""

    length_s: float = Field(gt=0, le=3600)
    at_s: float | None = Field(default=None, ge=0)
    """None takes the event's own first or last instant."""


class Treatment(Part):
    """All of it; neutral if nothing was done."""

    eq: tuple[HandBand, ...] = Field(default=(), max_length=16)
    rides: tuple[Ride, ...] = Field(default=(), max_length=64)
    compress: Compression | None = None
    ducks: tuple[Duck, ...] = Field(default=(), max_length=16)
    fade_in: Fade | None = None
    fade_out: Fade | None = None
    width: float = Field(default=1.0, ge=0, le=WIDEST)
    """Of the stereo image: 0 mono, 1 as it was made."""
    pitch_st: float = Field(default=0.0, ge=-24, le=24)
    """Semitones, its timing kept."""
    speed: float = Field(default=1.0, ge=0.25, le=4)
    """As of a tape: at 2 each hit plays twice as fast and an octave higher."""
    space: Space | None = None
    """A space of its own to ring in; None is the scene's."""
    futz: Futz | None = None
    """A device or a wall that it comes through."""

    def with_band(self, band: HandBand) -> "Treatment":
        """The treatment with a band added; gains of like bands add up, one of 0 dB goes."""
        like = [one for one in self.eq if _alike(one, band)]
        others = tuple(one for one in self.eq if not _alike(one, band))
        if band.kind.is_cut:
            return self.model_copy(update={"eq": (*others, band)})
        gain = round(band.gain_db + sum(one.gain_db for one in like), 3)
        gain = min(max(gain, -18.0), 18.0)
        kept = (band.model_copy(update={"gain_db": gain}),) if gain else ()
        return self.model_copy(update={"eq": (*others, *kept)})

    def without_cut(self, edge: Literal["low", "high"]) -> "Treatment":
        """The treatment without its low or high cut."""
        kept = tuple(band for band in self.eq if band.kind.cut_edge != edge)
        return self.model_copy(update={"eq": kept})


def _alike(one: EqBand, other: EqBand) -> bool:
    """Whether two bands are one knob: cuts of one edge, or the same shape at one frequency."""
    if one.kind.is_cut or other.kind.is_cut:
        return one.kind is other.kind
    return (one.kind, one.frequency_hz, one.q) == (other.kind, other.frequency_hz, other.q)
