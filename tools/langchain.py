"""The tools for any LangChain agent."""

from collections.abc import Mapping
from typing import Any

from langchain_core.tools import StructuredTool, ToolException
from pydantic import BaseModel, create_model

from foley_designer.core.errors import FoleyError
from foley_designer.tools.answer import shown
from foley_designer.tools.catalogue import TOOLS
from foley_designer.tools.client import ToolClient
from foley_designer.tools.context import Tool
from foley_designer.tools.paths import optional_writes


def langchain_tools(
    client: ToolClient, *, writing: bool = False, given: Mapping[str, Any] | None = None
) -> list[StructuredTool]:
    """The tools as LangChain knows them: by default those that need not write a file, and do not.

    A tool's message holds its answer as JSON, its artifact the validated answer. A failure is
    told to the model, with its hint, instead of raised.

    Args:
        client: where the tools run: `LocalTools` with the folders that an agent may touch, or
            `RemoteTools`.
        writing: hand over the tools that write files, too.
        given: values of arguments that are settled, such as ``{"clip": path}``: the model neither
            sees nor sets them.
    """
    settled = dict(given or {})
    found = []
    for tool in TOOLS.values():
        left_out = frozenset() if writing else optional_writes(tool.input)
        if left_out is not None and (writing or tool.read_only or left_out):
            found.append(_bridged(tool, client, settled | dict.fromkeys(left_out)))
    return found


def _bridged(
    tool: Tool[Any, Any], client: ToolClient, settled: Mapping[str, Any]
) -> StructuredTool:
    known = {name: value for name, value in settled.items() if name in tool.input.model_fields}

    def call(**arguments: Any) -> tuple[str, Any]:
        try:
            answer = client.call(tool, tool.input(**(arguments | known)))
        except FoleyError as error:
            raise ToolException(_unnamed(str(error), known)) from error
        return shown(answer), answer

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=_without(tool.input, known) if known else tool.input,
        func=call,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )


def _unnamed(text: str, settled: Mapping[str, Any]) -> str:
    """A failure's words without settled values, which may be paths that are none of a model's."""
    for name, value in settled.items():
        if isinstance(value, str):
            text = text.replace(value, f"the {name}")
    return text


def _without(question: type[BaseModel], settled: Mapping[str, Any]) -> type[BaseModel]:
    """A tool's input without what is settled."""
    open_fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in question.model_fields.items()
        if name not in settled
    }
    return create_model(question.__name__, __doc__=question.__doc__, **open_fields)
