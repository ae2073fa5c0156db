"""The tool server: publishes the catalogue over MCP (stdio or streamable HTTP)."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import anyio.from_thread
import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from foley_designer import __version__
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress
from foley_designer.tools.answer import shown
from foley_designer.tools.catalogue import FILE_TOOLS, TOOLS
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.failure import failure

INSTRUCTIONS = (
    "The tools of a Foley pipeline: see, shots, track, depth, cues, generate, measure, process, "
    "mix, upmix and search_knowledge. Paths must lie inside the folders that the server was "
    "started with. Where files can be sent, put_file, get_file and list_files work in the "
    "workspace that relative paths lie in."
)
_CALLER = "caller"
"""The parameter by which the SDK hands over who calls; it is no part of a tool's input."""
LARGEST_REQUEST = 256 << 20
"""Bytes of a request at most: what was seen of a long clip travels in one."""


class _CodedServer(MCPServer):
    """Tells of unknown tools and of arguments that fit no schema as tools tell of failures."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """See `MCPServer.call_tool`.

        Raises:
            ToolError: as `failure` tells it.
        """
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ToolError):  # a tool's own failure has its code already
                raise
            if not isinstance(cause, Exception):
                known = ", ".join(one.name for one in await self.list_tools())
                cause = FoleyError(
                    ErrorCode.OPTION_INVALID, f"There is no tool {name[:80]!r}.", f"Call {known}."
                )
            raise ToolError(failure(cause, name)) from error


def build_server(readable: tuple[Path, ...], writable: tuple[Path, ...]) -> MCPServer:
    """A server whose tools read and write in these folders alone.

    The first writable folder is the workspace that clients may send files to.
    """
    server = _CodedServer(
        "foley-designer-tools",
        version=__version__,
        instructions=INSTRUCTIONS,
        log_level="WARNING",
    )
    workspace = writable[0] if writable else None
    context = ToolContext(readable=readable, writable=writable, workspace=workspace)
    for tool in (TOOLS | FILE_TOOLS if workspace else TOOLS).values():
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


def serve_http(server: MCPServer, host: str, port: int, guard: TransportSecuritySettings) -> None:
    """Serve over streamable HTTP at ``/mcp`` until interrupted, to whom the guard lets in."""
    server.run(
        "streamable-http",
        host=host,
        port=port,
        max_request_body_size=LARGEST_REQUEST,
        transport_security=guard,
    )


def _function(tool: Tool[Any, Any], context: ToolContext) -> Callable[..., Any]:
    """An async function whose parameters are the fields of the tool's input."""

    async def call(**arguments: Any) -> CallToolResult:
        within = replace(context, progress=_reporting(arguments.pop(_CALLER)))
        try:
            request = tool.input.model_validate(
                {name: _plain(value) for name, value in arguments.items()}
            )
            answer: BaseModel = await anyio.to_thread.run_sync(tool.run, request, within)
        except Exception as error:
            raise ToolError(failure(error, tool.name)) from error
        return CallToolResult(
            content=[TextContent(text=shown(answer))],
            structured_content=answer.model_dump(mode="json"),
        )

    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=_annotation(field),
            default=inspect.Parameter.empty if field.is_required() else _default(field),
        )
        for name, field in tool.input.model_fields.items()
    ]
    parameters.append(
        inspect.Parameter(_CALLER, inspect.Parameter.KEYWORD_ONLY, annotation=Context)
    )
    returned = Annotated[CallToolResult, tool.output]
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        parameters, return_annotation=returned
    )
    call.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": returned}
    call.__name__ = tool.name
    return call


def _reporting(caller: Context) -> Progress:
    """Tells the caller how far a tool is, from the thread that runs it."""

    def report(step: str, fraction: float, message: str = "") -> None:
        anyio.from_thread.run(caller.report_progress, fraction, 1.0, f"{step}: {message}")

    return report


def _annotation(field: Any) -> Any:
    return Annotated[field.annotation, field] if field.metadata else field.annotation


def _default(field: Any) -> Any:
    return None if field.default is PydanticUndefined else field.default


def _plain(value: Any) -> Any:
    """JSON form of what the SDK has validated already."""
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
