"""Markers: what somebody said of a moment of the film, at its time."""

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field

from foley_designer.core.documents import Document, Part, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.session.session import Session

FILE_NAME = "markers.json"
REASON = "Markers"
"""Word with which the reason of a revision begins that did what markers wished."""
MOST = 2000
"""Markers of a session; who writes more writes a script."""


class Marker(Part):
    """One comment."""

    id: str = Field(max_length=64)
    time_s: float = Field(ge=0)
    text: str = Field(min_length=1, max_length=500)
    event_id: str | None = None
    """The sound that it is about; None is the whole mix."""
    end_s: float | None = Field(default=None, gt=0)
    """Where it ends; None for a moment."""
    source: str = Field(default="", max_length=120)
    """List and line that it came from; empty for one that was written here."""
    done: bool | None = None
    """Whether what it wishes was understood and done; None for one that nobody read."""
    outcome: str = Field(default="", max_length=400)
    """What was done, or why it is left to a person."""

    @classmethod
    def listed(cls, time_s: float, end_s: float | None, text: str, source: str) -> Self:
        """One of a list; the same words at the same time are the same marker."""
        key = content_hash(round(time_s * 1000), text)[:12]
        return cls(id=key, time_s=time_s, end_s=end_s, text=text, source=source[:120])


class Markers(Document):
    """All markers of a session, in the order of time."""

    SCHEMA: ClassVar[str] = "markers"

    markers: tuple[Marker, ...] = Field(default=(), max_length=MOST)

    def put(self, time_s: float, text: str, event_id: str | None, key: str = "") -> "Markers":
        """With a marker more, or with other words for the one with this id."""
        taken = {one.id for one in self.markers}
        key = key or content_hash(time_s, text, event_id, sorted(taken))[:12]
        made = Marker(id=key, time_s=time_s, text=text, event_id=event_id)
        kept = [one for one in self.markers if one.id != key]
        return Markers(markers=tuple(sorted([*kept, made], key=lambda one: (one.time_s, one.id))))

    def with_all(self, more: Sequence[Marker]) -> "Markers":
        """With these, each in the place of one of its id."""
        kept = {one.id: one for one in (*self.markers, *more)}
        return Markers(
            markers=tuple(sorted(kept.values(), key=lambda one: (one.time_s, one.id)))[:MOST]
        )

    def without(self, key: str) -> "Markers":
        """Without the one with this id."""
        return Markers(markers=tuple(one for one in self.markers if one.id != key))


def load(session: Session) -> Markers:
    """The session's markers, none if nobody said anything.

    Raises:
        FoleyError: ``document_invalid`` or ``document_too_new``.
    """
    try:
        return Markers.from_json(session.path(FILE_NAME).read_bytes())
    except FileNotFoundError:
        return Markers()
    except OSError as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"Can't read {FILE_NAME}.") from error


def save(session: Session, markers: Markers) -> None:
    """Write atomically; raises as `foley_designer.core.files.replacing` does."""
    write_text(session.path(FILE_NAME), markers.to_json())
