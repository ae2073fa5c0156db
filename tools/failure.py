"""How a tool's failure is told over MCP: message, what to do and code on a line each."""

import errno

from pydantic import ValidationError

from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError, one_line
from foley_designer.core.files import system_error

_AGAIN = "Correct this and call {tool} again."
"""What to do about a failure that names nothing better; who hears it over MCP is told no hint."""


def told(error: FoleyError, tool: str) -> str:
    """The failure as text that a model can read and `heard` can take apart."""
    return "\n".join((error.message, error.hint or _AGAIN.format(tool=tool), f"[{error.code}]"))


def heard(text: str, tool: str) -> FoleyError:
    """The failure that `told` wrote; ``tool_failed`` if the server said something else."""
    text = text.removeprefix(f"Error executing tool {tool}").removeprefix(": ")
    lines = text.rsplit("\n", 2)
    code = lines[-1].strip("[]")
    if len(lines) == 3 and code in set(ErrorCode):
        hint = "" if lines[1] == _AGAIN.format(tool=tool) else lines[1]
        return FoleyError(ErrorCode(code), lines[0], hint)
    return FoleyError(ErrorCode.TOOL_FAILED, text or f"The tool {tool} failed without a word.")


def failure(error: Exception, tool: str) -> str:
    """Whatever went wrong as `told` tells it; a defect has a code that `heard` doesn't know."""
    if isinstance(error, ValidationError):
        error = FoleyError(ErrorCode.OPTION_INVALID, describe(error, tool))
    elif isinstance(error, MemoryError):
        error = system_error(OSError(errno.ENOMEM, "not enough memory"))
    elif isinstance(error, OSError):
        error = system_error(error)
    if isinstance(error, FoleyError):
        return told(error, tool)
    words = one_line(str(error))[:300]
    return f"Unexpected {type(error).__name__}: {words}\nReport it: a defect.\n[internal]"
