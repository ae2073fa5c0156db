"""What was seen: shots, tracks, moments of visible impact, light and movement of the whole frame.

Times are seconds from the first frame's presentation time. Positions are in frame widths and
heights, 0..1 from the left and top edge, whatever the resolution.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Document, Part
from foley_designer.core.note import Note


class ShotSize(StrEnum):
    """How large the main subject stands in the frame."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"
    UNKNOWN = "unknown"
    """Nobody is seen by whom it could be told."""


class CameraMove(StrEnum):
    """What the camera does during a shot."""

    STATIC = "static"
    PAN = "pan"
    ZOOM = "zoom"
    HANDHELD = "handheld"


class Transition(StrEnum):
    """How a shot begins."""

    START = "start"
    CUT = "cut"
    DISSOLVE = "dissolve"
    FADE = "fade"


class PlaceTrait(StrEnum):
    """What a shot's frames can say of where it plays."""

    OUTDOORS = "outdoors"
    GREEN = "green"
    WATER = "water"
    SKY = "sky"
    SNOW = "snow"
    SAND = "sand"
    FIRE = "fire"
    """Share of the frame that is of a flame's colour and flickers: no belief but a measure."""
    PLAIN = "plain"
    """Share of the frame that has one colour, as behind titles: no belief but a measure."""
    DARK = "dark"
    """Share of the frame that is dark, as at night or on a stage: no belief but a measure."""
    BLACK = "black"
    """Share of the shot's frames that are black."""


_SURE = 0.75
"""Belief from which a trait of a place counts as known; held-out clips are then right in 4 of 5
(`benchmarks/seeing/fit_place.py`)."""


class Shot(Part):
    """One shot, [start_s, end_s)."""

    index: int = Field(ge=0)
    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    opens_with: Transition = Transition.START
    size: ShotSize = ShotSize.UNKNOWN
    camera: CameraMove = CameraMove.STATIC
    brightness: float = Field(ge=0, le=1)
    """Mean luma, 0 black to 1 white."""
    saturation: float = Field(ge=0, le=1)
    motion: float = Field(ge=0)
    """Mean speed of the moving pixels, frame widths a second, camera movement removed."""
    keyframes: tuple[str, ...] = ()
    """File names of the shot's keyframes in the session's ``keyframes`` folder."""
    place: dict[PlaceTrait, float] = {}
    """Belief, or for some a share, 0..1, in each trait of its place; empty if nobody looked."""
    group: int = Field(default=0, ge=0)
    """Shots with one number look as if they show one place; 0 is none: black, titles."""
    continues: float = Field(default=0.0, ge=0, le=1)
    """How surely it plays where the shot before it does, by its looks."""
    people: float | None = Field(default=None, ge=0, le=1)
    """How surely people are seen; None if nobody looked."""
    named: dict[str, float] = {}
    """Belief in what a classifier calls its pictures, the likeliest first; empty without one."""
    has_film: bool = True
    """Whether it shows something that can sound: no black, no title on black."""

    def shows(self, trait: PlaceTrait) -> bool | None:
        """Whether its place is so; None if the frames do not tell.

        Args:
            trait: one of those that are believed rather than measured.
        """
        belief = self.place.get(trait, 0.5)
        return True if belief >= _SURE else False if belief <= 1 - _SURE else None


class Box(Part):
    """A region of the frame; edges may lie outside 0..1 if a source is cut by the frame."""

    x: float
    """Horizontal centre, 0 left edge to 1 right edge."""
    y: float
    """Vertical centre, 0 top edge to 1 bottom edge."""
    width: float = Field(gt=0)
    height: float = Field(gt=0)


class Sighting(Part):
    """A track at one time."""

    time_s: float = Field(ge=0)
    box: Box
    distance_m: float = Field(gt=0)
    """Estimated distance of the source from the camera."""
    speed: float = Field(ge=0)
    """Speed of the region, frame widths a second, camera movement removed."""


class MotionKind(StrEnum):
    """How a track moves; the best guess of its periodicity and path."""

    PASSING = "passing"
    WALKING = "walking"
    STRIKING = "striking"
    FALLING = "falling"
    WORKING = "working"
    FLICKERING = "flickering"
    STILL = "still"


class Track(Part):
    """One source followed through time."""

    id: str
    kind: MotionKind
    label: str | None = None
    """What a detector or a seeing model called it, where one looked."""
    confidence: float = Field(ge=0, le=1)
    sightings: tuple[Sighting, ...] = Field(min_length=1)
    """In time order, at most one a frame; gaps are occlusions."""

    @property
    def start_s(self) -> float:
        """First time the source was seen."""
        return self.sightings[0].time_s

    @property
    def end_s(self) -> float:
        """Last time the source was seen."""
        return self.sightings[-1].time_s


class MomentKind(StrEnum):
    """What makes a moment one at which something may sound."""

    CONTACT = "contact"
    """A movement stops or turns back: a hit, a landing, a step."""
    STEP = "step"
    """A foot meets the ground in a walker's or runner's rhythm."""
    FLASH = "flash"
    """Light jumps: a muzzle, a firework, lightning, a lamp."""
    APPEARANCE = "appearance"
    """Something bursts into view or starts to move."""
    IMPACT = "impact"
    """All that is seen together says that something hits: the onset model's."""


class Moment(Part):
    """One moment of visible impact."""

    id: str
    time_s: float = Field(ge=0)
    """Sub-frame estimate of the instant."""
    kind: MomentKind
    confidence: float = Field(ge=0, le=1)
    strength: float = Field(ge=0, le=1)
    """How hard, relative to the clip's hardest."""
    track_id: str | None = None
    x: float
    """Horizontal place, 0..1."""
    y: float
    """Vertical place, 0..1."""
    predicted: bool = False
    """True if rhythm alone suggests it and the picture barely shows it."""
    evidence: tuple[str, ...] = ()
    """Detectors whose curves speak for it, the clearest first."""
    said_by: str | None = None
    """Who looked at it and says that it sounds; None if nobody did."""


class Observation(Document):
    """Everything that seeing found in one clip."""

    SCHEMA: ClassVar[str] = "observation"

    clip: Clip
    field_of_view_deg: float = Field(gt=5, lt=170)
    """Horizontal field of view that angles were computed with."""
    shots: tuple[Shot, ...] = Field(min_length=1)
    tracks: tuple[Track, ...] = ()
    moments: tuple[Moment, ...] = ()
    """In time order."""
    activity: tuple[float, ...] = ()
    """Per frame of the clip's nominal rate: moving share of the frame, 0..1."""
    silent_s: tuple[float, ...] = ()
    """Instants at which someone who looked says that nothing sounds."""
    parts: dict[str, str] = {}
    """Which part did what: role to name and version, such as ``depth`` to ``ground-plane 1``."""
    notes: tuple[Note, ...] = ()

    def track(self, track_id: str | None) -> Track | None:
        """The track with this id, if there is one."""
        return next((track for track in self.tracks if track.id == track_id), None)
