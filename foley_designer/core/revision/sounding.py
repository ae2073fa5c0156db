"""Operations on how an event sounds in the mix: equaliser, dynamics, fades, image, space."""

from typing import Literal, Self

from pydantic import Field, model_validator

from foley_designer.core.mix.processing import Futz
from foley_designer.core.mix.treatment import WIDEST
from foley_designer.core.revision.base import EventEdit, Hits
from foley_designer.core.space import Space


class Equalise(EventEdit):
    """More or less of a range of frequencies; gains of the same band add up."""

    kind: Literal["eq"] = "eq"
    shape: Literal["peak", "low_shelf", "high_shelf"] = "peak"
    frequency_hz: float = Field(ge=20, le=20_000)
    gain_db: float = Field(ge=-18, le=18)
    q: float = Field(default=0.7, ge=0.3, le=8)


class Filter(EventEdit):
    """Cut off what lies below (``low``) or above (``high``) a frequency; None cuts no more."""

    kind: Literal["filter"] = "filter"
    cut: Literal["low", "high"]
    frequency_hz: float | None = Field(ge=20, le=20_000)


class DuckUnder(EventEdit):
    """Dip by ``db`` while other events sound; 0 dips no longer."""

    kind: Literal["duck"] = "duck"
    by: tuple[str, ...] = Field(min_length=1)
    db: float = Field(ge=0, le=24)


class Compress(EventEdit):
    """Even out the level, from 0 (not at all) to 1 (hard)."""

    kind: Literal["compress"] = "compress"
    amount: float = Field(ge=0, le=1)


class FadeEvent(EventEdit):
    """Fade in from, or out until, ``at_s``, by default the event's own end; 0 s is none."""

    kind: Literal["fade"] = "fade"
    edge: Literal["in", "out"]
    length_s: float = Field(ge=0, le=3600)
    at_s: float | None = Field(default=None, ge=0)


class SetWidth(EventEdit):
    """Width of the stereo image: 0 mono, 1 as made, 2 twice as wide."""

    kind: Literal["width"] = "width"
    width: float = Field(ge=0, le=WIDEST)


class ShiftPitch(EventEdit):
    """Higher (positive) or lower, in semitones; timing stays."""

    kind: Literal["pitch"] = "pitch"
    change_st: float = Field(ge=-24, le=24)


class ChangeSpeed(EventEdit):
    """Each hit, or the sound within its spans, played times as fast, as a tape is."""

    kind: Literal["speed"] = "speed"
    factor: float = Field(ge=0.25, le=4)


class SetRoom(EventEdit):
    """Let this event alone ring in another space; None puts it back into the scene's."""

    kind: Literal["room"] = "room"
    space: Space | None


class HearThrough(EventEdit):
    """Hear it through a wall or a device; None hears it plainly."""

    kind: Literal["hear_through"] = "hear_through"
    device: Futz | None


class MuteEvent(EventEdit):
    """Leave the event out of the mix and keep it in the script, or hear it again."""

    kind: Literal["mute"] = "mute"
    muted: bool = True


class SoloEvent(EventEdit):
    """Hear this event alone, with others that are soloed too."""

    kind: Literal["solo"] = "solo"
    soloed: bool = True


class LockEvent(EventEdit):
    """Refuse operations on the event until it is unlocked."""

    kind: Literal["lock"] = "lock"
    locked: bool = True


class FollowTrack(EventEdit):
    """Sound from where something in the picture moves."""

    kind: Literal["follow"] = "follow"
    track_id: str = Field(min_length=1, max_length=60)


class ChooseTake(EventEdit):
    """A performance by its number, from 0; each number plays from its own seed."""

    kind: Literal["choose_take"] = "choose_take"
    take: int = Field(ge=0, le=999)


class QuantiseHits(EventEdit):
    """Move hits to the start of the nearest frame."""

    kind: Literal["quantise"] = "quantise"
    hits: Hits = ()


class CopyEvent(EventEdit):
    """The event, or some of its hits, once more: the first one at ``to_s``."""

    kind: Literal["copy"] = "copy"
    to_s: float = Field(ge=0)
    hits: Hits = ()


class AddHits(EventEdit):
    """Further hits at these times, as strong as the one nearest to each."""

    kind: Literal["add_hits"] = "add_hits"
    times_s: tuple[float, ...] = Field(min_length=1, max_length=400)

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if min(self.times_s) < 0:
            raise ValueError("times_s must not be negative")
        return self


class TrimEvent(EventEdit):
    """Sound within [from_s, to_s) alone: spans are cut, hits outside go."""

    kind: Literal["trim"] = "trim"
    from_s: float = Field(ge=0)
    to_s: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to_s <= self.from_s:
            raise ValueError(f"to_s {self.to_s} is not after from_s {self.from_s}")
        return self
