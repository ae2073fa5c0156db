"""Every anticipated failure reaches the model as a tool error that names the next call."""

import errno
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar, cast

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, Tool
from pydantic import ValidationError

from foley_designer.assistant.compact import compact
from foley_designer.assistant.lean import lean
from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError, one_line
from foley_designer.core.files import system_error

P = ParamSpec("P")
R = TypeVar("R")

_AGAIN = "Correct this and call {tool} again."
_NEXT: dict[ErrorCode, str] = {
    ErrorCode.CLIP_NOT_FOUND: "Ask the user where the clip is, then call this tool with its path.",
    ErrorCode.SCRIPT_NOT_FOUND: "Call again with an existing script_path, or give script_text.",
    ErrorCode.SESSION_NOT_FOUND: (
        "Call foley_list(what='sessions') for those there are, or foley_design to make one."
    ),
    ErrorCode.SESSION_BUSY: "Call foley_job_wait until its job has ended, then call this again.",
    ErrorCode.SESSION_MISMATCH: (
        "Call foley_design with another session name, or with replace=true if the user agrees."
    ),
    ErrorCode.REVISION_CONFLICT: "Call foley_script_get for what is current, then decide anew.",
    ErrorCode.REVISION_INVALID: "Call foley_script_get to see what there is to revise.",
    ErrorCode.REVISION_UNCLEAR: "Ask the user which is meant, then call foley_revise again.",
    ErrorCode.DOCUMENT_INVALID: (
        "Correct the named fields and call foley_script_submit again; "
        "foley_script_get shows a valid script."
    ),
    ErrorCode.SESSION_DAMAGED: "Call foley_design(session=…): it puts back what was delivered.",
    ErrorCode.SYSTEM_REFUSED: "Tell the user what the system refused, then call again.",
    ErrorCode.PART_MISSING: "Tell the user what is to be installed, or call without that part.",
    ErrorCode.DISK_FULL: "Tell the user; after space is freed, the same call goes on.",
    ErrorCode.OUTPUT_NOT_WRITABLE: "Tell the user that the server's --out-root can't be written.",
}

_BY_TOOL: dict[tuple[str, ErrorCode], str] = {
    ("foley_edit", ErrorCode.REVISION_INVALID): (
        "Correct the named edits and call foley_edit again; foley_script_get shows what there is."
    ),
    ("foley_edit", ErrorCode.REVISION_CONFLICT): (
        "Call foley_list(what='revisions', session=…) for what is current, then decide anew."
    ),
    ("foley_revise", ErrorCode.REVISION_CONFLICT): (
        "Call foley_list(what='revisions', session=…) for what is current, then decide anew."
    ),
    (
        "foley_revise",
        ErrorCode.DOCUMENT_INVALID,
    ): "Correct the operations and call foley_revise again.",
    ("foley_revise", ErrorCode.NEEDS_REVIEW): (
        "Call foley_revise without apply, show the user the changes, then apply the operations."
    ),
}
"""Where the next step depends on the tool that failed."""


def next_call(code: ErrorCode, tool: str = "the same tool") -> str:
    """What a model does about a failure of a tool."""
    return _BY_TOOL.get((tool, code), _NEXT.get(code, _AGAIN)).format(tool=tool)


def refusal(error: FoleyError, tool: str = "the same tool") -> ToolError:
    """The tool error for a failure: what happened, the code, and the next call.

    Hints that name command-line flags say nothing to a model and are left out.
    """
    hint = f" {error.hint}" if error.hint and "--" not in error.hint else ""
    return ToolError(f"[{error.code}] {error.message}{hint} Next: {next_call(error.code, tool)}")


def answering(function: Callable[P, R]) -> Callable[P, R]:
    """Turn every failure of a tool, plain or async, into a tool error with code and next call."""
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def later(*args: P.args, **kwargs: P.kwargs) -> Any:
            try:
                return await cast(Awaitable[Any], function(*args, **kwargs))
            except Exception as error:
                raise _told(error, function.__name__) from error

        return cast(Callable[P, R], later)

    @functools.wraps(function)
    def now(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            raise _told(error, function.__name__) from error

    return now


def _brief(tool: Tool) -> Tool:
    """The tool with its schema made compact and its words without the source's indentation."""
    return tool.model_copy(
        update={
            "input_schema": compact(tool.input_schema),
            "description": inspect.cleandoc(tool.description or ""),
        }
    )


class CodedServer(MCPServer):
    """Tells of wrong arguments and unknown tools as tools tell of their own failures.

    It lists its tools with schemas that cost a model few tokens, and tells each answer once.
    """

    async def list_tools(self) -> list[Tool]:
        """The tools, their input schemas made compact; what they accept is the same."""
        tools = await super().list_tools()
        return [_brief(tool) for tool in tools]

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """See `MCPServer.call_tool`.

        Raises:
            ToolError: with a code and the next call.
        """
        try:
            result = await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ToolError):  # a tool's own failure has its code already
                raise
            if isinstance(cause, Exception):
                raise _told(cause, name) from error
            known = ", ".join(tool.name for tool in await super().list_tools())
            told = f"[{ErrorCode.OPTION_INVALID}] There is no tool {name[:80]!r}."
            raise ToolError(f"{told} Next: call one of {known}.") from error
        if isinstance(result, CallToolResult):
            return lean(result, name, context.protocol_version if context else None)
        return result


def _told(error: Exception, tool: str) -> ToolError:
    """A tool error with a code and the next call, whatever went wrong."""
    if isinstance(error, ToolError):
        return error
    if isinstance(error, ValidationError):
        told = describe(error, "The request")
        return refusal(FoleyError(ErrorCode.OPTION_INVALID, told), tool)
    if isinstance(error, OSError):
        return refusal(system_error(error), tool)
    if isinstance(error, FoleyError):
        return refusal(error, tool)
    if isinstance(error, MemoryError):
        return refusal(system_error(OSError(errno.ENOMEM, "not enough memory")), tool)
    kind, words = type(error).__name__, one_line(str(error))[:300]
    return ToolError(
        f"[internal] Unexpected {kind}: {words} Next: Tell the user: a defect of the server."
    )
