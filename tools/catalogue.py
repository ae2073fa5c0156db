"""All tools, by name."""

from typing import Any

from foley_designer.tools import (
    cues,
    depth,
    generate,
    get_file,
    inspect,
    list_files,
    measure,
    mix,
    process,
    put_file,
    search_knowledge,
    shots,
    strips,
    track,
    upmix,
)
from foley_designer.tools.context import Tool

_PIPELINE = (
    shots,
    track,
    depth,
    inspect,
    strips,
    cues,
    generate,
    measure,
    process,
    mix,
    upmix,
)

TOOLS: dict[str, Tool[Any, Any]] = {
    module.TOOL.name: module.TOOL for module in (*_PIPELINE, search_knowledge)
}
FILE_TOOLS: dict[str, Tool[Any, Any]] = {
    module.TOOL.name: module.TOOL for module in (put_file, get_file, list_files)
}
"""How files come to a server that shares no folder with its clients, and back."""
