"""foley_export: files for a post house, from a finished session."""

from typing import Annotated, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import REPLACES
from foley_designer.assistant.failures import answering
from foley_designer.assistant.jobs.asked import AskedExport
from foley_designer.assistant.jobs.jobs import ended_well, wait_for
from foley_designer.assistant.jobs.store import Job, JobState, start
from foley_designer.assistant.paths import Place, named
from foley_designer.assistant.tools.listen import links
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.export.registry import built_in, chosen

WAIT_S = 40.0
FOLDER = "exports"

KINDS = tuple(built_in())
"""Formats that the tool's schema lists; another package's is taken by its name too."""


Name = Annotated[str, Field(max_length=64)]
Kinds = Annotated[
    list[str], Field(min_length=1, max_length=20, description=f"Of: {', '.join(KINDS)}.")
]
Stems = Annotated[
    Literal["mono", "stereo", "5.1"],
    Field(description="Of bwf; mono also gives ardour and reaper tracks that are panned."),
]
Split = Annotated[bool, Field(description="bwf as one mono file a channel.")]
Start = Annotated[str | None, Field(max_length=16, description="Of the first frame, HH:MM:SS:FF.")]
Title = Annotated[str | None, Field(max_length=80)]
Pops = Annotated[bool, Field(description="2-pop before and tail pop after.")]
Handles = Annotated[float, Field(ge=0, le=60, description="Silence before and after picture.")]
Naming = Annotated[
    str | None,
    Field(
        max_length=120,
        description="Of stems, from {number} {ucs} {event} {label} {title} {reel} {layer} "
        "{category}.",
    ),
]
ReelName = Annotated[str, Field(max_length=16)]
Version = Annotated[int, Field(ge=1, le=99, description="In split names.")]
Folder = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$", description="Below exports/."),
]
Overwrite = Annotated[bool, Field(description="Replace files that the folder holds already.")]


class ExportAnswer(Part):
    """What was written."""

    session: str
    state: JobState
    job_id: str
    files: dict[str, str] = {}
    """Path in the session to ``file://`` address."""
    notes: tuple[str, ...] = ()
    checked: dict[str, int] = {}
    """Format to the number of references that were followed and found right."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Export for a post house",
        annotations=REPLACES,
    )
    @answering
    async def foley_export(
        session: Name,
        kinds: Kinds,
        ctx: Context,
        stems: Stems = "stereo",
        split: Split = False,
        start_timecode: Start = None,
        title: Title = None,
        pops: Pops = False,
        handles_s: Handles = 0.0,
        naming: Naming = None,
        reel: ReelName = "1",
        version: Version = 1,
        folder: Folder = "latest",
        overwrite: Overwrite = False,
    ) -> Annotated[CallToolResult, ExportAnswer]:
        """Write files for a post house, below exports/ of the session."""
        options = {
            "start": start_timecode,
            "title": title,
            "pops": pops,
            "handles_s": handles_s,
            "naming": naming,
            "reel": reel,
            "version": version,
            "layout": "split" if split else None,
        }
        asked = AskedExport(
            kinds=tuple(sorted(set(kinds))),
            stems=stems,
            folder=f"{FOLDER}/{folder}",
            options={name: value for name, value in options.items() if value},
        )
        job = _started(place, session, asked, overwrite)
        return _told(job, await wait_for(job, WAIT_S, ctx))


def _started(place: Place, name: str, asked: AskedExport, overwrite: bool) -> Job:
    """The job of an export into a folder that is empty, or may be overwritten.

    Raises:
        FoleyError: ``session_not_found`` without a mix, ``option_invalid`` for an unknown format
            or a folder that holds files.
    """
    session, record = place.designed(name)
    if record.mix is None:
        raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"{name} has no finished mix yet.")
    chosen(asked.kinds)
    target = session.path(asked.folder)
    if target.exists() and any(target.iterdir()) and not overwrite:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"{asked.folder} holds files already.",
            "Ask the user, then call again with overwrite=true or another folder.",
        )
    return start(session, asked)


def _told(job: Job, state: JobState) -> CallToolResult:
    """The answer, with links to the files."""
    made = ended_well(job, "") if state.ended else {"files": []}
    answer = ExportAnswer(
        session=named(job.session),
        state=state,
        job_id=job.id,
        files={name: (job.session.root / name).as_uri() for name in made["files"]},
        notes=made.get("notes", ()),
        checked=made.get("checked", {}),
        next_call="Tell the user where the files are."
        if state.ended
        else f"foley_job_wait(job_id={job.id!r})",
    )
    return CallToolResult(
        content=[TextContent(type="text", text=answer.model_dump_json()), *links(answer.files)],
        structured_content=answer.model_dump(mode="json"),
    )
