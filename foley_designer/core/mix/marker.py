"""Markers: what somebody said of a moment of the film, at its time."""

from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.session.session import Session

FILE_NAME = "markers.json"
MOST = 2000
"""Markers of a session; who writes more writes a script."""


class Marker(Part):
    """One comment."""

    id: str = Field(max_length=64)
    time_s: float = Field(ge=0)
    text: str = Field(min_length=1, max_length=500)
    event_id: str | None = None
    """The sound that it is about; None is the whole mix."""


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

    def without(self, key: str) -> "Markers":
        """Without the one with this id."""
        return Markers(markers=tuple(one for one in self.markers if one.id != key))


def load(session: Session) -> Markers:
    """The session's markers, none where nobody said anything.

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
