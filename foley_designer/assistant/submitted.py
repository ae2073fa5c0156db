"""The script that an assistant submitted: kept in the session until a design performs it."""

from pathlib import Path

from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session, read_part, write_json
from foley_designer.core.session.session_record import SessionRecord


class Submission(Part):
    """A script that waits."""

    over: str
    """Hash of the session's script that it takes the place of."""
    script: FoleyScript


def submit(session: Session, record: SessionRecord, script: FoleyScript) -> None:
    """Keep a script for the next design of the session."""
    submission = Submission(over=record.documents["script"], script=script)
    write_json(_file(session), submission.model_dump(mode="json"))


def waiting(session: Session, record: SessionRecord) -> FoleyScript | None:
    """The script that waits, if one does and the session's is still the one that it replaces."""
    submission = _read(session)
    if submission is None or submission.over != record.documents.get("script"):
        return None
    return submission.script


def to_perform(session: Session, record: SessionRecord | None) -> FoleyScript | None:
    """The script that the next design performs; one that was overtaken is put aside.

    Raises:
        FoleyError: ``revision_conflict`` once, where the session's script has changed meanwhile.
    """
    submission = _read(session)
    if submission is None or record is None:
        return None
    stands = record.documents.get("script")
    if submission.over == stands:
        return submission.script
    withdraw(session)
    if submission.script.hash == stands:  # performed by a run that was stopped afterwards
        return None
    raise FoleyError(
        ErrorCode.REVISION_CONFLICT,
        "The session was revised after the script was submitted; the submitted one is put aside.",
    )


def withdraw(session: Session) -> None:
    """Let a waiting script go."""
    _file(session).unlink(missing_ok=True)


def _read(session: Session) -> Submission | None:
    file = _file(session)
    return read_part(Submission, file) if file.is_file() else None


def _file(session: Session) -> Path:
    return session.hidden / "submitted.json"
