"""A sound: everything that the rooms have to know of one kind of sound, as one row of data."""

from enum import StrEnum

from pydantic import Field

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.documents import Part


class Happens(StrEnum):
    """How a sound lies in time."""

    HITS = "hits"
    """At instants: a blow, a step, a bark."""
    SPANS = "spans"
    """Over stretches: cloth, a motor, rain."""
    BOTH = "both"
    """At the instants that are seen, else over a stretch: typing, chewing, a machine gun."""


class Action(StrEnum):
    """What a sound's maker does, as far as the picture can show it."""

    STRIKE = "strike"
    STEPS = "steps"
    VOICE = "voice"
    BOUNCE = "bounce"
    FLASH = "flash"
    PASS = "pass"
    MOVE = "move"
    FILL = "fill"
    """It fills the place and has no maker on screen: weather, ambience."""


class Belongs(StrEnum):
    """Where a sound has its place."""

    ANYWHERE = "anywhere"
    INDOORS = "indoors"
    OUTDOORS = "outdoors"


class SoundClass(Part):
    """One row: what a sound is called, how it happens and how it is played.

    Levels and distances are those of a usual scene; a script's words and a user's cards override
    them. Triggers are written as in knowledge cards (docs/knowledge.md).
    """

    name: str = Field(pattern=r"^[a-z][a-z-]{1,40}$")
    category: Category
    subcategory: Subcategory
    variant: str
    """The word by which an engine knows it, unique within the subcategory."""
    ucs_id: str
    """Universal Category System 8.2.1 CatID."""
    finer: dict[str, str] = {}
    """Finer CatIDs by material or surface."""
    card: str | None = None
    """Id of the knowledge card that says in prose how it is performed."""
    note: str = Field(min_length=20)
    """How it is performed, in one sentence."""
    nouns: tuple[str, ...] = ()
    """Names of it or of what makes it: they call it where the thing sounds, not where it is only
    spoken of."""
    verbs: tuple[str, ...] = ()
    """Phrases for its happening: they call it wherever they are asserted."""
    called: tuple[str, ...] = ()
    """What people call it in a session that has it."""
    aliases: tuple[str, ...] = ()
    """Other words that people and models write for its variant; an engine takes them for it."""
    seen_as: tuple[str, ...] = ()
    """What a classifier of pictures calls its maker (`vision/pictures/classes.txt`); ``A .. B`` is
    all from A to B in its order."""
    heard_as: tuple[str, ...] = Field(min_length=1)
    """AudioSet classes, by YAMNet's names, as one of which it should be heard; the first is it."""
    heard_too: dict[str, tuple[str, ...]] = {}
    """Further classes on a surface: gravel crunches underfoot."""
    happens: Happens
    action: Action
    pace_s: float | None = Field(default=None, gt=0)
    """Typical time from one hit to the next, seconds; None for what has no hits."""
    unevenness: float = Field(default=0.1, ge=0, le=1)
    """How far the times between hits scatter, relative."""
    bout: int = Field(default=1, ge=1, le=12)
    """How many hits one telling of it is, such as three knocks."""
    once: bool = False
    """Whether one telling of it is one sound: a slam, an explosion, a fall."""
    repeats: bool = False
    """Whether it goes on and on where the words don't say how often: steps, typing, a clock."""
    goes_on: bool = False
    """Whether it goes on whether or not anything is seen to move: fire, water, weather."""
    rings: bool = False
    """Whether its own decay is long, so that it can't be told from a room's."""
    around: bool = False
    """A bed that is all around, rather than at a point."""
    outdoors: bool = False
    """Whether it happens under the open sky."""
    belongs: Belongs = Belongs.ANYWHERE
    """Where it is heard without surprise; see `place`."""
    goes: bool | None = None
    """Whether its maker may move on while it sounds; None is as its action: what steps, passes or
    has a voice goes."""
    struck: str | None = None
    """What it sounds like is decided by this being struck: ``metal``, ``glass``."""
    surfaced: bool = False
    """Whether it sounds otherwise on another surface."""
    made_of: bool = False
    """Whether it sounds otherwise when it is made of something else."""
    surfaces: tuple[str, ...] = ()
    surface_lu: dict[str, float] = {}
    """LU by which it is louder or softer on a surface than on a hard floor."""
    materials: tuple[str, ...] = ()
    comes_in: tuple[str, ...] = ()
    """Materials in which one meets it every day; empty if it is of one, or its name says so."""
    otherwise: str | None = None
    """Id of the card by which it sounds if the words name a material that is not in
    ``materials``: a plastic cup that falls is no glass that breaks."""
    surface: str | None = None
    """Usual surface."""
    material: str | None = None
    """Usual material."""
    force: float = Field(default=0.6, ge=0, le=1)
    size: float = Field(default=0.5, ge=0, le=1)
    speed: float = Field(default=0.5, ge=0, le=1)
    wetness: float = Field(default=0.0, ge=0, le=1)
    background: bool
    """Whether it usually lies in the background."""
    level_lu: float = Field(ge=-30, le=6)
    """Typical loudness against dialogue, LU."""
    distance_m: float = Field(gt=0)
    """Typical distance, metres."""
    low_hz: float = Field(ge=20)
    high_hz: float = Field(le=20_000)
    """Edges of where its energy lives."""
    follows: tuple[str, ...] = ()
    """Ids of cards that usually come with it, such as cloth with footsteps."""
    sources: tuple[str, ...] = ()
    """Where the knowledge comes from."""

    def heard_on(self, surface: str | None) -> tuple[str, ...]:
        """The AudioSet classes as one of which it should be heard on a surface."""
        return (*self.heard_as, *self.heard_too.get(surface or self.surface or "", ()))

    @property
    def title(self) -> str:
        """Its name as a person writes it."""
        words = self.name.replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def impulsive(self) -> bool:
        """Whether it is timed by hits if they are known."""
        return self.happens is not Happens.SPANS

    @property
    def place(self) -> Belongs:
        """Where it belongs: as its row says, else by whether it happens under the open sky."""
        if self.belongs is Belongs.ANYWHERE and self.outdoors:
            return Belongs.OUTDOORS
        return self.belongs

    @property
    def may_go(self) -> bool:
        """Whether its maker may move on while it sounds."""
        going = self.action in (Action.STEPS, Action.PASS, Action.VOICE)
        return going if self.goes is None else self.goes
