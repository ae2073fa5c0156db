"""What an assistant can read: sessions and their documents, and the knowledge cards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)
from pydantic import TypeAdapter

from foley_designer.assistant.paths import Place, named
from foley_designer.assistant.summary import files, summary
from foley_designer.assistant.tools.script import current
from foley_designer.core.errors import FoleyError
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.revision.operations import Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.memory.card_files import read_folder
from foley_designer.memory.knowledge_base import EMBEDDED

JSON = "application/json"
Reader = Callable[[Session, SessionRecord], str]


def add(server: MCPServer, place: Place) -> None:
    """Give the server its resources and their completion."""
    _add_lists(server, place)
    _add_documents(server)
    for part, title, mime_type, read in (
        ("", "Session", JSON, _summary),
        ("/script", "Foley script", JSON, _script),
        ("/plan", "Mixing plan", JSON, _plan),
        ("/cues", "Cue sheet", "text/csv", _file("cue_sheet.csv")),
        ("/report", "Report", "text/html", _file("report.html")),
        ("/stems", "Stems and mixes as links", JSON, _links),
    ):
        server.resource(
            f"foley://sessions/{{session}}{part}",
            name=f"session{part.replace('/', '_')}",
            title=title,
            description=f"{title} of one session.",
            mime_type=mime_type,
        )(_of_session(place, read))
    _add_completion(server, place)


def _add_lists(server: MCPServer, place: Place) -> None:
    @server.resource("foley://sessions", title="Sessions", mime_type=JSON)
    def sessions() -> str:
        """All sessions of this server, each in a few words."""
        lines = []
        for name in place.names():
            session, record = place.designed(name)
            told = summary(session, record)
            lines.append(
                told.model_dump(
                    mode="json",
                    include={"session", "stage", "clip", "duration_s", "revision", "last_job"},
                )
                | {"uri": f"foley://sessions/{name}"}
            )
        return _text(lines)

    @server.resource("foley://clips", title="Clips", mime_type=JSON)
    def clips() -> str:
        """Paths and sizes of the films that may be designed."""
        return _text([{"clip": str(clip), "bytes": clip.stat().st_size} for clip in place.clips()])


def _add_documents(server: MCPServer) -> None:
    @server.resource("foley://knowledge", title="Knowledge cards", mime_type=JSON)
    def knowledge() -> str:
        """Ids and titles of the knowledge cards."""
        return _text([{"card": card.id, "title": card.title} for card in read_folder(EMBEDDED)])

    @server.resource(
        "foley://schema/foley-script", title="Schema of a Foley script", mime_type=JSON
    )
    def script_schema() -> str:
        """JSON schema of what foley_script_submit takes."""
        return _text(FoleyScript.model_json_schema())

    @server.resource("foley://schema/operations", title="Schema of operations", mime_type=JSON)
    def operations_schema() -> str:
        """JSON schema of the operations that foley_revise takes."""
        return _text(TypeAdapter(list[Operation]).json_schema())

    @server.resource("foley://knowledge/{card}", title="Knowledge card", mime_type="text/markdown")
    def card(card: str) -> str:
        """How one sound is performed."""
        if card not in _cards():
            raise ResourceNotFoundError(f"No card {card!r:.80}; read foley://knowledge.")
        return (EMBEDDED / f"{card}.md").read_text()


def _add_completion(server: MCPServer, place: Place) -> None:
    @server.completion()  # type: ignore[no-untyped-call, untyped-decorator]
    async def complete(
        ref: PromptReference | ResourceTemplateReference,  # noqa: ARG001 - names are unique
        argument: CompletionArgument,
        context: CompletionContext | None,  # noqa: ARG001
    ) -> Completion | None:
        known: dict[str, Callable[[], tuple[str, ...]]] = {"session": place.names, "card": _cards}
        if argument.name not in known:
            return None
        values = [name for name in known[argument.name]() if name.startswith(argument.value)]
        return Completion(values=values[:100], total=len(values), has_more=len(values) > 100)


def _of_session(place: Place, read: Reader) -> Callable[[str], str]:
    """A resource function that reads one thing of a session."""

    def resource(session: str) -> str:
        try:
            return read(*place.designed(session))
        except FoleyError as error:
            raise ResourceError(f"{error} Read foley://sessions for what there is.") from error

    return resource


def _summary(session: Session, record: SessionRecord) -> str:
    return summary(session, record).model_dump_json(indent=1)


def _script(session: Session, record: SessionRecord) -> str:
    return current(session, record)[0].to_json()


def _plan(session: Session, record: SessionRecord) -> str:
    if "plan" not in record.documents:
        raise ResourceNotFoundError(f"{named(session)} has no plan yet; call foley_design.")
    return session.get(MixPlan, record.documents["plan"]).to_json()


def _links(session: Session, record: SessionRecord) -> str:
    return _text([{"file": name, "uri": uri} for name, uri in files(session, record).items()])


def _file(name: str) -> Reader:
    def read(session: Session, record: SessionRecord) -> str:  # noqa: ARG001
        path = session.path(name)
        if not path.is_file():
            raise ResourceNotFoundError(f"{named(session)} has no {name} yet; call foley_design.")
        return path.read_text()

    return read


def _cards() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in Path(EMBEDDED).glob("*.md")))


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
