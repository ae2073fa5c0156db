"""How a tool's failure is told over MCP: message, hint and code on a line each."""

from foley_designer.core.errors import ErrorCode, FoleyError


def told(error: FoleyError) -> str:
    """The failure as text that a model can read and `heard` can take apart."""
    return "\n".join((error.message, " ".join(error.hint.split()), f"[{error.code}]"))


def heard(text: str, tool: str) -> FoleyError:
    """The failure that `told` wrote; ``tool_failed`` where the server said something else."""
    text = text.removeprefix(f"Error executing tool {tool}").removeprefix(": ")
    lines = text.rsplit("\n", 2)
    code = lines[-1].strip("[]")
    if len(lines) == 3 and code in set(ErrorCode):
        return FoleyError(ErrorCode(code), lines[0], lines[1])
    return FoleyError(ErrorCode.TOOL_FAILED, text or f"The tool {tool} failed without a word.")
