"""Operations: typed edits of a Foley script, with units, as a person or a model asks for them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from foley_designer.core.category import Subcategory
from foley_designer.core.revision import sounding
from foley_designer.core.revision.base import Edit, EventEdit, Hits, exactly_one
from foley_designer.core.revision.restoring import Restore
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space


class AdjustLevel(EventEdit):
    """Louder or quieter, all along or within [from_s, to_s)."""

    kind: Literal["adjust_level"] = "adjust_level"
    change_db: float = Field(ge=-40, le=40)
    hits: Hits = ()
    from_s: float | None = Field(default=None, ge=0)
    to_s: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if self.hits and (self.from_s is not None or self.to_s is not None):
            raise ValueError("give hits, or a stretch from from_s to to_s, not both")
        if self.to_s is not None and self.to_s <= (self.from_s or 0.0):
            raise ValueError(f"to_s {self.to_s} is not after from_s {self.from_s or 0.0}")
        return self


class AdjustPan(EventEdit):
    """To the side; degrees, positive to the left. By a change, or to a place."""

    kind: Literal["adjust_pan"] = "adjust_pan"
    change_deg: float | None = Field(default=None, ge=-180, le=180)
    to_deg: float | None = Field(default=None, ge=-180, le=180)
    hits: Hits = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        return exactly_one(self, "change_deg", "to_deg")


class AdjustDistance(EventEdit):
    """Nearer or further: times as far, or to so many metres."""

    kind: Literal["adjust_distance"] = "adjust_distance"
    factor: float | None = Field(default=None, ge=0.02, le=50)
    to_m: float | None = Field(default=None, gt=0, le=20_000)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        return exactly_one(self, "factor", "to_m")


class AdjustTime(EventEdit):
    """Later (positive) or earlier, in seconds or frames of the clip; or the first one at a time."""

    kind: Literal["adjust_time"] = "adjust_time"
    shift_s: float | None = Field(default=None, ge=-3600, le=3600)
    shift_frames: int | None = None
    to_s: float | None = Field(default=None, ge=0)
    hits: Hits = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        return exactly_one(self, "shift_s", "shift_frames", "to_s")


class AdjustLength(EventEdit):
    """Times as long, or to so many seconds; for events with spans."""

    kind: Literal["adjust_length"] = "adjust_length"
    factor: float | None = Field(default=None, gt=0, le=100)
    to_s: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        return exactly_one(self, "factor", "to_s")


class ReplaceSound(EventEdit):
    """Another sound at the same times and place."""

    kind: Literal["replace_sound"] = "replace_sound"
    label: str = Field(min_length=1, max_length=80)
    description: str = Field(min_length=1, max_length=500)
    subcategory: Subcategory
    performance: Performance = Performance()
    cards: tuple[str, ...] = ()


class ChangePerformance(EventEdit):
    """The same sound played otherwise: another shoe, surface, material, filling, force or speed."""

    kind: Literal["change_performance"] = "change_performance"
    variant: str | None = None
    surface: str | None = None
    material: str | None = None
    mood: str | None = None
    force: float | None = Field(default=None, ge=0, le=1)
    size: float | None = Field(default=None, ge=0, le=1)
    speed: float | None = Field(default=None, ge=0, le=1)
    wetness: float | None = Field(default=None, ge=0, le=1)
    fullness: float | None = Field(default=None, ge=0, le=1)
    contents: str | None = None

    @property
    def changes(self) -> dict[str, str | float]:
        """The fields of `Performance` that are set."""
        return {
            name: value
            for name in Performance.model_fields
            if (value := getattr(self, name)) is not None
        }

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.changes:
            raise ValueError("nothing to change: set variant, surface, material or another field")
        return self


class AddEvent(Edit):
    """A new event."""

    kind: Literal["add_event"] = "add_event"
    event: SoundEvent


class RemoveEvent(EventEdit):
    """Take away an event, or some of its hits."""

    kind: Literal["remove_event"] = "remove_event"
    hits: Hits = ()


class SplitEvent(EventEdit):
    """Make two events: what sounds before ``at_s`` and what sounds from it on."""

    kind: Literal["split_event"] = "split_event"
    at_s: float = Field(gt=0)


class MergeEvents(Edit):
    """Make one event of several of the same kind; the first one's place and sound stay."""

    kind: Literal["merge_events"] = "merge_events"
    event_ids: tuple[str, ...] = Field(min_length=2)


class ChangeSpace(Edit):
    """Set the scene in another space."""

    kind: Literal["change_space"] = "change_space"
    space: Space


class ChangeTone(Edit):
    """Another film tone; foreground events are played in ``mood``."""

    kind: Literal["change_tone"] = "change_tone"
    tone: Tone
    mood: str


class ChangeLayer(EventEdit):
    """To the foreground or the background."""

    kind: Literal["change_layer"] = "change_layer"
    layer: Layer


class ChangePerspective(EventEdit):
    """Heard as from a shot of this size: close is nearer and drier, wide further and wetter."""

    kind: Literal["change_perspective"] = "change_perspective"
    size: ShotSize


class AdjustReverb(EventEdit):
    """Wetter (positive) or drier."""

    kind: Literal["adjust_reverb"] = "adjust_reverb"
    change_db: float = Field(ge=-40, le=40)


class AdjustScene(Edit):
    """The whole mix louder or quieter against its loudness target."""

    kind: Literal["adjust_scene"] = "adjust_scene"
    change_db: float = Field(ge=-40, le=40)


class TargetLoudness(Edit):
    """Integrated loudness of the mix in LUFS; None takes the delivery target's again."""

    kind: Literal["target_loudness"] = "target_loudness"
    lufs: float | None = Field(ge=-60, le=-6)


class Retake(EventEdit):
    """Another performance of the same sound, perhaps by another engine."""

    kind: Literal["retake"] = "retake"
    engine: str | None = None


SayableOperation = (
    AdjustLevel
    | AdjustPan
    | AdjustDistance
    | AdjustTime
    | AdjustLength
    | ChangePerformance
    | RemoveEvent
    | SplitEvent
    | MergeEvents
    | ChangeSpace
    | ChangeTone
    | ChangeLayer
    | ChangePerspective
    | AdjustReverb
    | AdjustScene
    | Retake
    | sounding.Equalise
    | sounding.Filter
    | sounding.DuckUnder
    | sounding.Compress
    | sounding.FadeEvent
    | sounding.SetWidth
    | sounding.ShiftPitch
    | sounding.ChangeSpeed
    | sounding.SetRoom
    | sounding.HearThrough
    | sounding.MuteEvent
    | sounding.SoloEvent
    | sounding.LockEvent
    | sounding.ChooseTake
    | sounding.QuantiseHits
    | sounding.CopyEvent
    | sounding.AddHits
    | sounding.TrimEvent
    | TargetLoudness
)
"""What a reviser, ours or a model, states as it is: without a sound to look up first."""

Operation = Annotated[
    SayableOperation | ReplaceSound | AddEvent | sounding.FollowTrack | Restore,
    Field(discriminator="kind"),
]
"""Any operation; ``kind`` says which."""
