"""foley_edit: change a finished design by operations, aimed by what sounds are."""

from typing import Annotated

from mcp.server.mcpserver import Context, MCPServer
from pydantic import Field

from foley_designer.assistant.annotations import CHANGES
from foley_designer.assistant.editing import Edit, operations_of
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedRevision
from foley_designer.assistant.paths import Place
from foley_designer.assistant.tools.revise import RevisionAnswer, SessionName, carried_out
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision.apply import apply as applied
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.script.foley_script import FoleyScript


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(title="Edit a design", annotations=CHANGES)
    @answering
    async def foley_edit(
        session: SessionName,
        edits: Annotated[tuple[Edit, ...], Field(min_length=1, max_length=100)],
        ctx: Context,
        base: Annotated[
            str | None, Field(max_length=64, description="Revision that it is about.")
        ] = None,
        apply: Annotated[bool, Field(description="False only shows the changes.")] = False,
    ) -> RevisionAnswer:
        """Change a finished design by edits; all or none. foley_undo takes them back."""
        folder, record = place.designed(session)
        if record.mix is None:
            raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"{session} has no finished mix yet.")
        if base is not None and base != record.revision:
            raise FoleyError(
                ErrorCode.REVISION_CONFLICT, f"The session is at revision {record.revision}."
            )
        script = folder.get(FoleyScript, record.documents["script"])
        operations = operations_of(edits, script)
        diff = describe_changes(script, applied(script, operations))
        plain = [
            one.model_dump(mode="json", exclude_defaults=True) | {"kind": one.kind}
            for one in operations
        ]
        if not apply:  # a dry look needs no process of its own
            return RevisionAnswer(
                session=session,
                applied=False,
                revision=record.revision,
                base=record.revision,
                operations=tuple(plain),
                diff=diff,
                next_call="The same call with apply=true and this base.",
            )
        asked = AskedRevision(operations=operations, base=base, apply=True)
        return await carried_out(place, session, asked, ctx)
