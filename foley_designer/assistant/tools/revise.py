"""foley_revise, foley_undo, foley_redo: change a finished design, and take it back."""

from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from pydantic import Field, TypeAdapter

from foley_designer.assistant.annotations import CHANGES
from foley_designer.assistant.comparison import ChangedStem
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedRevision
from foley_designer.assistant.jobs.jobs import ended_well, wait_for
from foley_designer.assistant.jobs.store import JobState, start
from foley_designer.assistant.paths import Place
from foley_designer.assistant.summary import Loudness
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.revision.diff import Diff
from foley_designer.core.revision.operations import Operation

WAIT_S = 40.0
SessionName = Annotated[str, Field(max_length=64)]


class RevisionAnswer(Part):
    """What a revision did, or would do."""

    session: str
    job_id: str = ""
    """Of the job that did it; empty for a look that needs none."""
    state: JobState = JobState.DONE
    applied: bool
    revision: str | None = None
    """The session's revision now."""
    base: str | None = None
    """The revision that a proposal is about; give it back when you apply."""
    question: str = ""
    options: tuple[str, ...] = ()
    """Readings to choose from, numbered from 1, where words have several."""
    operations: tuple[dict[str, Any], ...] = ()
    diff: Diff | None = None
    stems: tuple[ChangedStem, ...] = ()
    mix_before: Loudness | None = None
    mix_after: Loudness | None = None
    preference: str = ""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tools."""

    @server.tool(title="Revise a design", annotations=CHANGES)
    @answering
    async def foley_revise(
        session: SessionName,
        ctx: Context,
        request: Annotated[
            str | None,
            Field(max_length=2000, description='Plain words: "the second footstep quieter".'),
        ] = None,
        operations: Annotated[
            list[dict[str, Any]] | None,
            Field(max_length=100, description="Typed operations in place of words."),
        ] = None,
        choice: Annotated[
            int | None, Field(ge=1, le=50, description="Which of the options is meant.")
        ] = None,
        base: Annotated[
            str | None, Field(max_length=64, description="As the proposal returned it.")
        ] = None,
        focus: Annotated[
            list[str] | None, Field(max_length=50, description='Event ids that "it" means.')
        ] = None,
        apply: Annotated[bool, Field(description="False shows what would change.")] = False,
    ) -> RevisionAnswer:
        """Change a finished design in plain words, or by the operations of foley://schema/operations.

        foley_undo takes it back.
        """
        if bool(request and request.strip()) == bool(operations):
            raise FoleyError(ErrorCode.OPTION_INVALID, "Give either request or operations.")
        asked = AskedRevision(
            request=request,
            operations=TypeAdapter(tuple[Operation, ...]).validate_python(operations or ()),
            choice=choice,
            base=base,
            focus=tuple(focus or ()),
            apply=apply,
        )
        return await carried_out(place, session, asked, ctx)

    @server.tool(title="Undo a revision", annotations=CHANGES)
    @answering
    async def foley_undo(session: SessionName, ctx: Context) -> RevisionAnswer:
        """Deliver the revision before again, byte for byte."""
        return await carried_out(place, session, AskedRevision(command="undo"), ctx)

    @server.tool(title="Redo a revision", annotations=CHANGES)
    @answering
    async def foley_redo(session: SessionName, ctx: Context) -> RevisionAnswer:
        """Deliver the revision again that was undone last."""
        return await carried_out(place, session, AskedRevision(command="redo"), ctx)


async def carried_out(
    place: Place, name: str, asked: AskedRevision, ctx: Context
) -> RevisionAnswer:
    """Run the job and tell what it did; a long one is told of as running."""
    folder, record = place.designed(name)
    if record.mix is None:
        raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"{name} has no finished mix yet.")
    job = start(folder, asked)
    if not (await wait_for(job, WAIT_S, ctx)).ended:
        return RevisionAnswer(
            session=name,
            job_id=job.id,
            state=JobState.RUNNING,
            applied=False,
            next_call=f"foley_job_wait(job_id={job.id!r})",
        )
    made = ended_well(job, "Call the same tool again.")
    mix = [Loudness.of(MixLoudness.model_validate(one)) for one in made.get("mix") or ()]
    return RevisionAnswer(
        session=name,
        job_id=job.id,
        state=JobState.DONE,
        applied="revision" in made,
        revision=made.get("revision", record.revision),
        base=made.get("base"),
        question=made.get("question", ""),
        options=made.get("options", ()),
        operations=made.get("operations", ()),
        diff=made.get("diff"),
        stems=made.get("stems", ()),
        mix_before=mix[0] if mix else None,
        mix_after=mix[1] if mix else None,
        preference=made.get("preference", ""),
        next_call=_after(name, asked.command, made),
    )


def _after(name: str, command: str, made: dict[str, Any]) -> str:
    """The next call, in words."""
    if "revision" in made:
        back = "redo" if command == "undo" else "undo"
        return f"foley_listen(session={name!r}), or foley_{back}(session={name!r})"
    if made.get("question") and not made.get("diff"):
        return "Ask the user, then the same call with choice set to the number of the option."
    if made.get("operations"):
        return (
            f"foley_revise(session={name!r}, operations=as returned, base=as returned, apply=true)"
        )
    return "The same call with apply=true."
