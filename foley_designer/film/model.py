"""The film as a document: its reels, its scenes, and which stretch of which scene plays where.

Frames are counted at a reel's nominal rate. A scene's frames count from its own first one, so a
scene stays what it is wherever a recut puts it.
"""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Document, Part
from foley_designer.core.note import Note
from foley_designer.core.script.screenplay import ScriptScene


class Piece(Part):
    """A stretch of a scene where a reel shows it."""

    scene: str
    """Id of the scene."""
    first: int = Field(ge=0)
    """First frame, counted from the scene's."""
    last: int = Field(gt=0)
    """Frame after the last."""
    at: int = Field(ge=0)
    """Frame of the reel that shows the first."""
    flipped: bool = False
    """Whether the reel shows it mirrored: left and right of its sound change places."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last <= self.first:
            raise ValueError(f"a piece of {self.scene} ends at frame {self.last}, not after it")
        return self

    @property
    def frames(self) -> int:
        """How many frames it lasts."""
        return self.last - self.first

    @property
    def end(self) -> int:
        """Frame of the reel after its last one."""
        return self.at + self.frames


class Reel(Part):
    """One reel as the picture department gave it."""

    number: int = Field(ge=1)
    path: str
    """Of the picture, when it was last looked at."""
    clip: Clip
    pieces: tuple[Piece, ...] = ()
    """In the order of the reel; between them are black, titles and what no scene has."""

    @property
    def name(self) -> str:
        """As folders and pages call it."""
        return f"reel{self.number}"

    @property
    def start(self) -> str:
        """Timecode of its first frame: the picture's own, else its number as the hour."""
        return self.clip.timecode or f"{self.number % 24:02}:00:00:00"


class DesignedScene(Part):
    """One scene: the picture that it was found in, and the words that tell it."""

    id: str = Field(pattern=r"^r[0-9]+(v[0-9]+)?s[0-9]+$")
    """Reel and number, such as ``r1s12``; of a recut's new picture ``r1v2s3``."""
    title: str
    place: str
    """Place that it plays at, a key of the bible's places."""
    path: str
    """Reel that its picture is cut from."""
    clip: Clip
    first: int = Field(ge=0)
    last: int = Field(gt=0)
    text: ScriptScene | None = None
    """Elements with times carry them from the scene's first frame."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    """How surely these words tell it."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.last - self.first) * self.clip.frame_s


class Wish(Part):
    """What somebody wrote at a time of a scene: it goes with the picture."""

    scene: str
    time_s: float = Field(ge=0)
    """From the scene's first frame."""
    end_s: float | None = Field(default=None, gt=0)
    text: str = Field(min_length=1, max_length=500)
    source: str = Field(default="", max_length=120)


class Film(Document):
    """``film.json``."""

    SCHEMA: ClassVar[str] = "film"

    title: str
    script_sha256: str | None = None
    reels: tuple[Reel, ...]
    scenes: tuple[DesignedScene, ...] = ()
    """All that were ever found; those that no reel shows any more are kept for an undo."""
    unplaced: tuple[str, ...] = ()
    """Scenes of the script that no shot tells."""
    wishes: tuple[Wish, ...] = ()
    """What came in with markers, in the order of scenes and times."""
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = {scene.id for scene in self.scenes}
        if len(ids) != len(self.scenes):
            raise ValueError("scene ids must differ from each other")
        for reel in self.reels:
            end = 0
            for piece in reel.pieces:
                if piece.scene not in ids:
                    raise ValueError(f"{reel.name} shows {piece.scene}, which is no scene")
                if piece.at < end:
                    raise ValueError(f"pieces of {reel.name} overlap at frame {piece.at}")
                end = piece.end
        return self

    def scene(self, scene_id: str) -> DesignedScene:
        """The scene with this id.

        Raises:
            KeyError: there is none.
        """
        for scene in self.scenes:
            if scene.id == scene_id:
                return scene
        raise KeyError(scene_id)

    @property
    def shown(self) -> tuple[DesignedScene, ...]:
        """Scenes that a reel shows, in the order in which they are first shown."""
        ids = dict.fromkeys(piece.scene for reel in self.reels for piece in reel.pieces)
        known = {scene.id: scene for scene in self.scenes}
        return tuple(known[one] for one in ids)
