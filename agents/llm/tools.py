"""The read-only tools that a model's agents may call by themselves before they answer.

What a tool says is material like any other: it reaches the model inside a data fence, cut to a
length, and no tool on offer writes a file.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.senses.ears import LISTEN, Heard
from foley_designer.agents.llm.senses.eyes import LOOK, Looked
from foley_designer.agents.llm.views import Picture, Sound
from foley_designer.agents.specialists import NAMES as SPECIALISTS
from foley_designer.core.note import NoteKind
from foley_designer.prompts.prompt import fenced

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, ToolMessage
    from langchain_core.tools import StructuredTool

OFFERED = (LOOK, LISTEN, "shots", "track", "depth", "search_knowledge")
"""Tools whose questions a model can put in a few words; the others take whole documents."""
MIXING = ("mix_planner", *SPECIALISTS, "critic")
"""Agents that there is something to hear for."""
MOST_LOOKS = 3
"""Turns in which a model may call tools before it must answer."""
MOST_CALLS = 4
"""Calls of one turn that are served."""
LONGEST_RESULT = 6_000
"""Characters of a tool's answer that the model is shown."""
INVITATION = (
    "You may call the tools first, where the material below leaves something open that you must "
    "know. Times are seconds from the first frame."
)


class ToolBox:
    """Tools on offer, and who used which.

    Args:
        tools: as `foley_designer.tools.langchain.langchain_tools` makes them.
        notebook: where their use is noted, and that an endpoint takes none.
    """

    def __init__(self, tools: Sequence["StructuredTool"], notebook: Notebook) -> None:
        self._tools = {tool.name: tool for tool in tools if tool.name in OFFERED}
        self._notebook = notebook
        self._refused = False

    @property
    def is_open(self) -> bool:
        """Whether there is anything to call."""
        return bool(self._tools) and not self._refused

    def schemas(self, agent: str) -> list[dict[str, Any]]:
        """The tools that an agent may call, as the chat protocol describes them."""
        from langchain_core.utils.function_calling import (  # noqa: PLC0415 - loads LangChain
            convert_to_openai_tool,
        )

        return [
            convert_to_openai_tool(tool)
            for name, tool in self._tools.items()
            if name != LISTEN or agent in MIXING
        ]

    def serve(
        self, agent: str, message: "AIMessage"
    ) -> tuple[list["ToolMessage"], list[Picture], list[Sound]]:
        """The answers to a message's calls, each inside a data fence.

        Returns:
            The answers, and what was looked at and listened to: the protocol's answers hold text
            alone.
        """
        served = [self._answer(call) for call in message.tool_calls[:MOST_CALLS]]
        answers = [answer for answer, _ in served]
        answers += [
            _told(call, "Too many calls in one turn; ask for the most telling ones.")
            for call in message.tool_calls[MOST_CALLS:]
        ]
        answers += [_told(call, "Not JSON arguments.") for call in message.invalid_tool_calls]
        used = sorted({call["name"] for call in message.tool_calls if call["name"] in self._tools})
        if used:
            text = f"The model looked with {', '.join(used)} before it answered."
            self._notebook.write(NoteKind.DECISION, agent, text)
        shown = [one.jpeg for _, one in served if one is not None]
        heard = [one for _, one in served if isinstance(one, Heard)]
        pictures = [Picture(jpeg, f"Picture {n}:") for n, jpeg in enumerate(shown, 1)]
        return answers, pictures, [Sound(one.wav, f"{one.figures['event']}:") for one in heard]

    def close(self, why: str) -> None:
        """Offer nothing any more: the endpoint refused a request with tools."""
        self._refused = True
        text = f"The endpoint takes no tools ({why}); the model answers without them."
        self._notebook.write(NoteKind.FALLBACK, "model", text)

    def _answer(self, call: Any) -> tuple["ToolMessage", Looked | Heard | None]:
        tool = self._tools.get(call["name"])
        if tool is None:
            return _told(call, f"No such tool. Known: {', '.join(self._tools)}."), None
        message: ToolMessage = tool.invoke(
            {"type": "tool_call", "id": call["id"], "name": tool.name, "args": call["args"]}
        )
        found = message.artifact if isinstance(message.artifact, (Looked, Heard)) else None
        return _told(call, str(message.content), status=message.status), found


def _told(call: Any, text: str, status: Any = "error") -> "ToolMessage":
    """One tool message; its text is data."""
    from langchain_core.messages import ToolMessage  # noqa: PLC0415 - loads LangChain

    name = re.sub(r"\W", "_", str(call["name"]))[:60]
    shown = text[:LONGEST_RESULT] + (" … (cut)" if len(text) > LONGEST_RESULT else "")
    return ToolMessage(
        content=fenced(name, shown), tool_call_id=call["id"] or "", name=name, status=status
    )
