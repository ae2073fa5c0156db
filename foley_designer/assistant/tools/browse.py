"""foley_list, foley_frames: what there is, and the picture on demand."""

from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import READS
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError

MOST_ROWS = 200
MOST_FRAMES = 8
_CLIPS = frozenset(
    {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".mxf", ".mts"}
)


class ListAnswer(Part):
    """Clips, sessions or revisions."""

    rows: tuple[dict[str, Any], ...]
    left_out: int = 0
    next_call: str


class FramesAnswer(Part):
    """The frames that are shown, in order."""

    times_s: tuple[float, ...]
    region: tuple[float, float, float, float]
    """x, y, width, height as shares of the picture."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tools."""

    @server.tool(title="List clips, sessions or revisions", annotations=READS)
    @answering
    def foley_list(
        what: Literal["clips", "sessions", "revisions"],
        session: Annotated[
            str | None, Field(max_length=64, description="Whose revisions; newest first.")
        ] = None,
    ) -> ListAnswer:
        """List the clips that may be read, the sessions there are, or a session's revisions."""
        if what == "clips":
            return _listed(_clips(place), "foley_look(clip=…)")
        if what == "sessions":
            return _listed(
                [_session(place, name) for name in place.names()], "foley_listen(session=…)"
            )
        if session is None:
            raise FoleyError(ErrorCode.OPTION_INVALID, "Whose revisions? Give session.")
        return _listed(_revisions(place, session), f"foley_listen(session={session!r}, against=…)")

    @server.tool(title="See frames of a clip", annotations=READS)
    @answering
    def foley_frames(
        clip: Annotated[str, Field(max_length=4096)],
        times_s: Annotated[
            tuple[float, ...], Field(min_length=1, max_length=MOST_FRAMES, description="Seconds.")
        ],
        region: Annotated[
            tuple[float, float, float, float] | None,
            Field(description="x, y, width, height of a part, as shares 0..1 of the picture."),
        ] = None,
        width: Annotated[int, Field(ge=160, le=960)] = 480,
    ) -> Annotated[CallToolResult, FramesAnswer]:
        """See the picture at given times, whole or a part of it: one image a time."""
        path = place.file(clip, ErrorCode.CLIP_NOT_FOUND)
        part = region or (0.0, 0.0, 1.0, 1.0)
        x, y, wide, high = part
        if not (0 <= x < 1 and 0 <= y < 1 and 0 < wide <= 1 - x and 0 < high <= 1 - y):
            raise FoleyError(
                ErrorCode.OPTION_INVALID, f"region {part} lies outside of the picture.", "0..1."
            )
        from foley_designer.assistant.pictures import frames_at, png  # noqa: PLC0415

        found = frames_at(path, times_s, part, width)
        answer = FramesAnswer(
            times_s=tuple(round(time, 3) for time, _ in found),
            region=part,
            next_call=f"foley_design(clip={clip!r}, description=…), or foley_frames again",
        )
        return CallToolResult(
            content=[
                TextContent(type="text", text=answer.model_dump_json()),
                *(png(image) for _, image in found),
            ],
            structured_content=answer.model_dump(mode="json"),
        )


def _listed(rows: list[dict[str, Any]], then: str) -> ListAnswer:
    return ListAnswer(
        rows=tuple(rows[:MOST_ROWS]), left_out=max(len(rows) - MOST_ROWS, 0), next_call=then
    )


def _clips(place: Place) -> list[dict[str, Any]]:
    """Video files below the roots, with paths as the other tools take them."""
    found = []
    for root in place.roots:
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() in _CLIPS and path.is_file() and not path.is_symlink():
                first = root == place.roots[0]
                shown = path.relative_to(root) if first else path
                found.append({"clip": str(shown), "megabytes": round(path.stat().st_size / 1e6, 1)})
            if len(found) > MOST_ROWS:
                return found
    return found


def _session(place: Place, name: str) -> dict[str, Any]:
    _, record = place.designed(name)
    clip = record.clip
    return {
        "session": name,
        "stage": record.stage.value,
        "clip": record.inputs.clip_path.rpartition("/")[2],
        "duration_s": round(clip.duration_s, 3) if clip else None,
        "revision": record.revision,
        "stems": len(record.stems),
    }


def _revisions(place: Place, name: str) -> list[dict[str, Any]]:
    from foley_designer.api import revisions  # noqa: PLC0415 - heavy

    folder, _ = place.designed(name)
    return [
        {
            "revision": one.id,
            "parent": one.parent,
            "request": one.request[:200],
            "operations": len(one.operations),
            "current": one.is_current,
            "names": list(one.names),
        }
        for one in reversed(revisions.history(folder.root))
    ]
