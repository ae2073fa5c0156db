"""The one way to tools: in process by default, over MCP where the tools are another machine's."""

import asyncio
import contextvars
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.core.work.memory import release
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.failure import heard

if TYPE_CHECKING:
    from mcp.shared.dispatcher import ProgressFnT

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741
T = TypeVar("T")


class ToolClient(Protocol):
    """Calls a tool wherever it lives."""

    def call(self, tool: Tool[I, O], request: I) -> O:
        """The tool's answer; raises FoleyError as the tool does."""


@dataclass(frozen=True)
class LocalTools:
    """Calls tools in this process."""

    context: ToolContext

    def call(self, tool: Tool[I, O], request: I) -> O:
        """Run the tool's function."""
        try:
            return tool.run(request, self.context)
        finally:
            release()


@dataclass
class RemoteTools:
    """Calls tools over MCP streamable HTTP. Paths go as they are: the server shares the folders.

    Args:
        url: where `foley-designer tools --http` listens, such as ``http://host:8931/mcp``.
        progress: is told how far a tool is.
    """

    url: str
    progress: Progress = silent
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)
    _starting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def call(self, tool: Tool[I, O], request: I) -> O:
        """Send the request and validate the answer.

        Raises:
            FoleyError: the tool's own failure with its code and hint, or ``tool_failed`` where
                the server can't be reached or answers something else.
        """
        here = contextvars.copy_context()

        async def report(progress: float, total: float | None, message: str | None) -> None:
            step, _, text = (message or "").partition(": ")
            here.run(self.progress, step, progress / (total or 1.0), text)

        answer = self._wait(self._call(tool.name, request.model_dump(mode="json"), report))
        try:
            return tool.output.model_validate(answer)
        except ValidationError as error:
            raise FoleyError(ErrorCode.TOOL_FAILED, describe(error, tool.name)) from error

    async def _call(self, name: str, arguments: dict[str, Any], report: "ProgressFnT") -> Any:
        from mcp import Client  # noqa: PLC0415 - a second to load
        from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415
        from mcp.shared.exceptions import MCPError  # noqa: PLC0415

        try:
            # a long clip's cues are more than the megabyte that the SDK takes by default
            transport = streamable_http_client(self.url, max_sse_event_size=None)
            async with Client(transport) as client:
                result = await client.call_tool(name, arguments, progress_callback=report)
        except (OSError, MCPError, ExceptionGroup) as error:
            raise FoleyError(
                ErrorCode.TOOL_FAILED,
                f"The tool server at {self.url} did not answer {name}: {error}.",
                "Start it with `foley-designer tools --http`, or unset FOLEY_TOOLS_URL.",
            ) from error
        if result.is_error:
            text = "".join(getattr(block, "text", "") for block in result.content)
            raise heard(text, name)
        return result.structured_content

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
