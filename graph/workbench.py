"""What nodes work with: the session, the settings, the team of agents and the tools."""

from dataclasses import dataclass, field
from pathlib import Path

from langgraph.config import get_stream_writer

from foley_designer.agents.roster import Team
from foley_designer.core.documents import D, Document, Ref
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.tools import arrays
from foley_designer.tools.client import ToolClient


@dataclass(frozen=True)
class Workbench:
    """Everything a node needs beside its state."""

    session: Session
    settings: Settings
    team: Team
    tools: ToolClient
    healed: list[str] = field(default_factory=list)
    """What of the session was damaged and has been made again, in words."""

    def get(self, kind: type[D], digest: Ref[D]) -> D:
        """A document of the session."""
        return self.session.get(kind, digest)

    def put(self, document: D) -> Ref[D]:
        """Store a document and return its hash."""
        return self.session.put(document)

    def send(self, document: Document) -> str:
        """A file of the document for a tool to read."""
        return str(self.session.arrays / arrays.write(document, self.session.arrays))

    def receive(self, kind: type[D], name: str) -> D:
        """The document of a file that a tool wrote.

        Raises:
            FoleyError: ``document_invalid``.
        """
        return arrays.read(kind, self.session.arrays / Path(name).name)


def report(step: str, fraction: float, message: str = "") -> None:
    """Send progress into the graph's custom stream; silent outside of a graph."""
    try:
        writer = get_stream_writer()
    except RuntimeError:
        return
    writer({"step": step, "fraction": round(fraction, 3), "message": message})


def note(
    step: str, text: str, kind: NoteKind = NoteKind.FALLBACK, event_id: str | None = None
) -> dict[str, object]:
    """A note in the form that state holds."""
    return Note(kind=kind, step=step, text=text, event_id=event_id).model_dump(mode="json")
