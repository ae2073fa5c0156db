"""Benches: how a workbench is set up by the settings, and how a node of a graph finds its own."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foley_designer.agents.specialists import NAMES
from foley_designer.agents.team import assemble
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.graph.state import Update
from foley_designer.graph.workbench import Workbench, report
from foley_designer.memory.knowledge_base import load
from foley_designer.tools.client import LocalTools, RemoteTools, ToolClient
from foley_designer.tools.context import ToolContext
from foley_designer.tools.sending import SendingTools

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

Bench = Callable[[Any], Workbench]
"""Finds the workbench for a state."""


def bound(node: Callable[[Any, Workbench], Update], bench: Bench) -> Any:
    """A LangGraph node: finds its workbench, reports, and collects what the team noted."""
    shown = "specialists" if node.__name__ in NAMES else node.__name__

    @functools.wraps(node)
    def run(state: Any) -> dict[str, Any]:
        place = bench(state)
        if shown != "sound":
            report(shown, 0.0)
        update = dict(node(state, place))
        notes = [note.model_dump(mode="json") for note in place.team.drain_notes()]
        if notes:
            update["notes"] = [*update.get("notes", []), *notes]
        usage = place.team.usage()
        if any(usage.values()):
            update["usage"] = usage
        if shown != "sound":
            report(shown, 1.0)
        return update

    del run.__wrapped__  # LangGraph reads the signature
    return run


def default_bench(state: Any) -> Workbench:
    """The workbench of the environment's settings.

    Raises:
        FoleyError: ``option_invalid`` if a run was started without a session's folder.
    """
    if not state.get("session"):
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "A run needs a session's folder.",
            'Start it with {"session": folder, "clip": path}, as its input schema says.',
        )
    return bench_of_environment(state["session"], state.get("clip", ""))


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
        "rate": settings.frame_rate,
        "people": False,
        "seen": None,
        "depth_model": settings.depth_model,
        "depth_weights": settings.depth_weights,
        "depth_statistic": settings.depth_statistic,
    }
    return langchain_tools(tools, given=settled)


@functools.lru_cache(maxsize=8)
def bench_of_environment(folder: str, clip: str) -> Workbench:
    """The workbench that the environment's settings describe, for a served graph."""
    return set_up(Session(Path(folder)), Settings(), Path(clip).expanduser().absolute())
