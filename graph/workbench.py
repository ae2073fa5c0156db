"""What nodes work with: the session, the settings, the team of agents and the tools."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from langgraph.config import get_stream_writer

from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.documents import D, Ref
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import load
from foley_designer.tools.client import LocalTools, RemoteTools, ToolClient
from foley_designer.tools.context import ToolContext
from foley_designer.tools.sending import SendingTools

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


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


def set_up(
    session: Session, settings: Settings, clip: Path, hearing: Settings | None = None
) -> Workbench:
    """A workbench with a team by the settings, and tools that write in the session alone.

    Args:
        session: where the work is kept.
        settings: of the design.
        clip: the clip's absolute path; its folder may be read.
        hearing: settings of who understands requests for a revision; None takes ``settings``.
    """
    session.create()
    knowledge = load(settings.knowledge_dir, settings.data_dir / "knowledge-index")
    context = ToolContext(
        readable=tuple(
            folder for folder in (clip.parent, settings.knowledge_dir) if folder is not None
        ),
        writable=(session.root,),
        progress=report,
    )
    tools = _tools(settings, context)
    team = assemble(
        settings,
        knowledge,
        (session.keyframes, session.pictures),
        hearing,
        lambda: _for_models(tools, clip, settings),
        clip,
    )
    return Workbench(session, settings, team, tools)


def _tools(settings: Settings, context: ToolContext) -> ToolClient:
    """Tools in process, or of the server that the settings name."""
    if settings.tools_url is None:
        return LocalTools(context)
    remote = RemoteTools(settings.tools_url, report)
    return remote if settings.tools_share_folders else SendingTools(remote, context)


def _for_models(tools: ToolClient, clip: Path, settings: Settings) -> list["StructuredTool"]:
    """The read-only tools with clip and cards settled, so that no path reaches a model."""
    from foley_designer.tools.langchain import langchain_tools  # noqa: PLC0415 - loads LangChain

    folder = str(settings.knowledge_dir) if settings.knowledge_dir else None
    settled = {
        "clip": str(clip),
        "field_of_view_deg": settings.field_of_view_deg,
        "folder": folder,
    }
    return langchain_tools(tools, given=settled)


@functools.lru_cache(maxsize=8)
def bench_of_environment(folder: str, clip: str) -> Workbench:
    """The workbench that the environment's settings describe, for a served graph."""
    return set_up(Session(Path(folder)), Settings(), Path(clip).expanduser().absolute())
