"""Spotting: moments that someone looked at, and what they say of each. What they say wins.

A `Spotting` is a file that a person edits or an assistant fills in.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Document, Part
from foley_designer.core.script.observation import Moment, MomentKind, Observation


class Verdict(StrEnum):
    """What someone who looked says of a moment."""

    OPEN = "open"
    """Nobody has looked yet: the rules decide."""
    ACCEPT = "accept"
    """Something sounds here."""
    MOVE = "move"
    """Something sounds here, at ``to_s``."""
    REJECT = "reject"
    """Nothing sounds here."""
    ADD = "add"
    """Something sounds at ``time_s`` that was not found."""


class Spot(Part):
    """One moment and what is said of it."""

    moment_id: str | None = None
    """The moment in question; None for one that is added."""
    time_s: float = Field(ge=0)
    kind: MomentKind = MomentKind.CONTACT
    track_id: str | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    """The rules' belief in it."""
    strip: str | None = None
    """File name of the strip of frames around it."""
    verdict: Verdict = Verdict.OPEN
    to_s: float | None = Field(default=None, ge=0)
    """The right instant, for ``move``."""
    reason: str = Field(default="", max_length=300)
    by: str = Field(default="", max_length=80)
    """Who looked: a person, an assistant, a model's name."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.verdict is Verdict.MOVE and self.to_s is None:
            raise ValueError(f"moment {self.moment_id}: move needs to_s")
        if self.verdict is not Verdict.ADD and self.moment_id is None:
            raise ValueError(f"the spot at {self.time_s} s has no moment_id; only add needs none")
        return self

    @property
    def sounds_at_s(self) -> float | None:
        """When it sounds by the verdict; None if it is open or nothing does."""
        if self.verdict is Verdict.MOVE:
            return self.to_s
        return self.time_s if self.verdict in (Verdict.ACCEPT, Verdict.ADD) else None


class Spotting(Document):
    """What was said of the moments of one clip."""

    SCHEMA: ClassVar[str] = "spotting"

    clip: str
    """The clip's file name."""
    clip_sha256: str
    spots: tuple[Spot, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nobody has said anything yet."""
        return not self.said

    @property
    def said(self) -> tuple[Spot, ...]:
        """Spots that someone has judged or added."""
        return tuple(spot for spot in self.spots if spot.verdict is not Verdict.OPEN)

    def with_verdicts(self, spots: Iterable[Spot]) -> "Spotting":
        """With these in place of those of the same moments, and those that are added."""
        told = tuple(spots)
        new = {spot.moment_id: spot for spot in told if spot.moment_id is not None}
        kept = [new.pop(spot.moment_id, spot) if spot.moment_id else spot for spot in self.spots]
        added = [spot for spot in dict.fromkeys(told) if not spot.moment_id and spot not in kept]
        every = sorted((*kept, *new.values(), *added), key=lambda s: (s.time_s, s.moment_id or ""))
        return self.model_copy(update={"spots": tuple(every)})


def strip_name(moment: Moment) -> str:
    """File name of a moment's strip."""
    return f"{moment.id}_{round(moment.time_s * 1000):08}ms.png"


def blank(observation: Observation, moments: tuple[Moment, ...]) -> Spotting:
    """A spotting of these moments in which nobody has said anything."""
    return Spotting(
        clip=observation.clip.name,
        clip_sha256=observation.clip.sha256,
        spots=tuple(
            Spot(
                moment_id=one.id,
                time_s=round(one.time_s, 4),
                kind=one.kind,
                track_id=one.track_id,
                confidence=round(one.confidence, 3),
            )
            for one in moments
        ),
    )
