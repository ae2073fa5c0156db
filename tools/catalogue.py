"""All tools, by name."""

from typing import Any

from foley_designer.tools import (
    cues,
    generate,
    measure,
    mix,
    process,
    search_knowledge,
    see,
    upmix,
)
from foley_designer.tools.context import Tool

TOOLS: dict[str, Tool[Any, Any]] = {
    module.TOOL.name: module.TOOL
    for module in (see, cues, generate, measure, process, mix, upmix, search_knowledge)
}
