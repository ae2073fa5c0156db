"""Answers told once: as structure with a line of text, or as text where structure is not known.

A client that agreed on an older protocol than 2025-06-18 knows no ``structuredContent``: it gets
the same as JSON text. Everyone else would pay twice for it.
"""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

STRUCTURED_SINCE = "2025-06-18"
"""Revision of the protocol that brought ``structuredContent``; revisions sort as text."""
DECIMALS = 3
LONGEST_LINE = 400
_TELLING = ("session", "job_id", "state", "applied", "revision", "question", "file")


def lean(result: CallToolResult, tool: str, protocol: str | None) -> CallToolResult:
    """A tool's answer without what is told twice, numbers to three decimals.

    Args:
        result: as the tool gave it.
        tool: its name.
        protocol: the revision that client and server agreed on; None for a call in process.
    """
    if result.structured_content is None or result.is_error:
        return result
    answer = rounded(result.structured_content)
    others = [one for one in result.content if not _is_json(one)]
    if protocol is not None and protocol < STRUCTURED_SINCE:
        text = json.dumps(answer, ensure_ascii=False)
        content = [TextContent(type="text", text=text), *others]
        return result.model_copy(update={"content": content, "structured_content": None})
    content = [TextContent(type="text", text=summary(answer, tool)), *others]
    return result.model_copy(update={"content": content, "structured_content": answer})


def rounded(value: Any) -> Any:
    """Plain data with every number to three decimals."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def summary(answer: dict[str, Any], tool: str) -> str:
    """One line: what the answer is about, how much of it there is, and the next call."""
    told = [f"{key}: {answer[key]}" for key in _TELLING if answer.get(key) not in (None, "")]
    told += [f"{len(value)} {key}" for key, value in answer.items() if _is_list(value)]
    line = f"{tool}: {', '.join(told) or 'done'}."[:LONGEST_LINE]
    following = answer.get("next_call")
    return f"{line} Next: {following}" if following else line


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_json(content: Any) -> bool:
    return isinstance(content, TextContent) and content.text.lstrip()[:1] in ("{", "[")
