"""foley_scenes: a film's scenes and the words that tell them, read and corrected."""

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from pydantic import Field, WithJsonSchema

from foley_designer.assistant.annotations import WRITES
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.scene_edits import SceneEdit

MOST_CHARACTERS = 160
"""Of a line that is shown."""


class ScenesAnswer(Part):
    """The scenes as they stand."""

    session: str
    waiting: bool
    """Whether they were corrected and wait to be designed."""
    scenes: tuple[dict[str, Any], ...]
    unplaced: tuple[str, ...] = ()
    in_numbers: str = ""
    """How many lines found no picture, and how much film no words tell."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="A film's scenes",
        annotations=WRITES,
    )
    @answering
    def foley_scenes(
        session: Annotated[str, Field(max_length=64)],
        edits: Annotated[
            tuple[SceneEdit, ...],
            Field(max_length=100),
            WithJsonSchema(
                {
                    "type": "array",
                    "items": {"type": "object"},
                    "description": 'Of {"kind": "boundary", scene, start_s}, {"kind": "text", '
                    'line, text: its beginning, to: scene or ""}, '
                    '{"kind": "place", scene, place}.',
                }
            ),
        ] = (),
    ) -> ScenesAnswer:
        """Read which words tell which scene of a film, or correct it for the next foley_design.

        Only scenes that change are designed again; edits of the mix since the design are given up.
        """
        from foley_designer.api import scenes as door  # noqa: PLC0415 - heavy

        folder, _ = place.designed(session)
        root = folder.root
        found = door.change_scenes(root, edits) if edits else door.scenes_of(root)
        if found is None:
            raise FoleyError(ErrorCode.OPTION_INVALID, f"{session} is one scene.")
        waits = door.waiting(root)
        return ScenesAnswer(
            session=session,
            waiting=waits,
            scenes=shown(found),
            unplaced=tuple(line[:MOST_CHARACTERS] for line in found.unplaced),
            in_numbers=found.in_numbers,
            next_call=f"foley_design(session={session!r})"
            if waits
            else f"foley_scenes(session={session!r}, edits=…)",
        )


def shown(scenes: SceneMap) -> tuple[dict[str, Any], ...]:
    """Each scene with its times, title, how surely it is told, and its lines by number."""
    return tuple(
        {
            "id": scene.id,
            "start_s": round(scene.start_s, 3),
            "end_s": round(scene.end_s, 3),
            "place": scene.place,
            "title": scene.title,
            "confidence": round(scene.confidence, 2),
            "settled_by": scene.settled_by.value,
            "lines": [
                [one.line, one.text[:MOST_CHARACTERS]]
                for one in (scene.text.elements if scene.text else ())
            ],
        }
        for scene in scenes.scenes
    )
