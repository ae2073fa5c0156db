"""Verdicts: what an editor said of events after hearing them. They lapse when the sound changes."""

from enum import StrEnum
from typing import ClassVar

from foley_designer.core.documents import Document, Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.mix.rendition import KeptStem
from foley_designer.core.session.session import Session

FILE_NAME = "verdicts.json"


class Verdict(StrEnum):
    """What was said."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Judgement(Part):
    """One event as it was heard, and what was said of it."""

    event_id: str
    verdict: Verdict
    stem: str
    """File name of the stem that was heard: it is addressed by what made it."""
    gain_db: float


class Verdicts(Document):
    """All judgements of a session, one an event at most."""

    SCHEMA: ClassVar[str] = "verdicts"

    judgements: tuple[Judgement, ...] = ()

    def on(self, stem: KeptStem) -> Verdict | None:
        """What was said of a stem as it is now; None if nothing was, or it has changed."""
        for one in self.judgements:
            if (one.event_id, one.stem, one.gain_db) == (stem.event_id, stem.file, stem.gain_db):
                return one.verdict
        return None

    def say(self, stem: KeptStem, verdict: Verdict | None) -> "Verdicts":
        """With this said of a stem; None takes back what was said."""
        kept = [one for one in self.judgements if one.event_id != stem.event_id]
        if verdict is not None:
            kept.append(
                Judgement(
                    event_id=stem.event_id,
                    verdict=verdict,
                    stem=stem.file,
                    gain_db=stem.gain_db,
                )
            )
        return Verdicts(judgements=tuple(sorted(kept, key=lambda one: one.event_id)))


def load(session: Session) -> Verdicts:
    """The session's verdicts, empty if nothing was said.

    Raises:
        FoleyError: ``document_invalid`` or ``document_too_new``.
    """
    try:
        return Verdicts.from_json(session.path(FILE_NAME).read_bytes())
    except FileNotFoundError:
        return Verdicts()
    except OSError as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"Can't read {FILE_NAME}.") from error


def save(session: Session, verdicts: Verdicts) -> None:
    """Write atomically; raises as `foley_designer.core.files.replacing` does."""
    write_text(session.path(FILE_NAME), verdicts.to_json())
