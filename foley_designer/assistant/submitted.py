"""The script that an assistant submitted: kept in the session until a design performs it."""

from pathlib import Path

from foley_designer.core.files import write_text
from foley_designer.core.foley_script import FoleyScript
from foley_designer.core.session import Session


def submit(session: Session, script: FoleyScript) -> None:
    """Keep a script for the next design of the session."""
    write_text(_file(session), script.to_json())


def submitted_script(session: Session) -> FoleyScript | None:
    """The script that waits, if one does."""
    file = _file(session)
    return FoleyScript.from_json(file.read_bytes()) if file.is_file() else None


def withdraw(session: Session, script: FoleyScript) -> None:
    """Let the script go, unless another one has taken its place."""
    if submitted_script(session) == script:
        _file(session).unlink()


def _file(session: Session) -> Path:
    return session.hidden / "submitted.json"
