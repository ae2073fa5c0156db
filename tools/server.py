"""The tool server: publishes the catalogue over MCP (stdio or streamable HTTP)."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined

from foley_designer import __version__
from foley_designer.core.documents import describe
from foley_designer.core.errors import FoleyError
from foley_designer.tools.catalogue import TOOLS
from foley_designer.tools.context import Tool, ToolContext

INSTRUCTIONS = (
    "The tools of a Foley pipeline: see, cues, generate, measure, process, mix, upmix, and "
    "search_knowledge. Paths must lie inside the folders that the server was started with."
)


def build_server(readable: tuple[Path, ...], writable: tuple[Path, ...]) -> MCPServer:
    """A server whose tools read and write in these folders alone."""
    server = MCPServer("foley-designer-tools", version=__version__, instructions=INSTRUCTIONS)
    context = ToolContext(readable=readable, writable=writable)
    for tool in TOOLS.values():
        server.add_tool(
            _function(tool, context),
            name=tool.name,
            title=tool.title,
            description=tool.description,
            annotations=ToolAnnotations(
                read_only_hint=tool.read_only,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )
    return server


def _function(tool: Tool[Any, Any], context: ToolContext) -> Callable[..., Any]:
    """An async function whose parameters are the fields of the tool's input."""

    async def call(**arguments: Any) -> BaseModel:
        try:
            request = tool.input.model_validate(
                {name: _plain(value) for name, value in arguments.items()}
            )
            answer: BaseModel = await anyio.to_thread.run_sync(tool.run, request, context)
        except FoleyError as error:
            raise ToolError(str(error)) from error
        except ValidationError as error:
            raise ToolError(describe(error, tool.name)) from error
        return answer

    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=_annotation(field),
            default=inspect.Parameter.empty if field.is_required() else _default(field),
        )
        for name, field in tool.input.model_fields.items()
    ]
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        parameters, return_annotation=tool.output
    )
    call.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": tool.output}
    call.__name__ = tool.name
    return call


def _annotation(field: Any) -> Any:
    from typing import Annotated  # noqa: PLC0415

    return Annotated[field.annotation, field] if field.metadata else field.annotation


def _default(field: Any) -> Any:
    return None if field.default is PydanticUndefined else field.default


def _plain(value: Any) -> Any:
    """JSON form of what the SDK has validated already."""
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
