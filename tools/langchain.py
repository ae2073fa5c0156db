"""The tools for any LangChain agent."""

from typing import Any

from langchain_core.tools import StructuredTool, ToolException

from foley_designer.core.errors import FoleyError
from foley_designer.tools.answer import shown
from foley_designer.tools.catalogue import TOOLS
from foley_designer.tools.client import ToolClient
from foley_designer.tools.context import Tool


def langchain_tools(client: ToolClient, *, writing: bool = False) -> list[StructuredTool]:
    """The tools as LangChain knows them: by default those that leave every file as it was.

    A tool's message holds its answer as JSON, its artifact the validated answer. A failure is
    told to the model, with its hint, instead of raised.

    Args:
        client: where the tools run: `LocalTools` with the folders that an agent may touch, or
            `RemoteTools`.
        writing: hand over the tools that write files, too.
    """
    return [_bridged(tool, client) for tool in TOOLS.values() if writing or tool.read_only]


def _bridged(tool: Tool[Any, Any], client: ToolClient) -> StructuredTool:
    def call(**arguments: Any) -> tuple[str, Any]:
        try:
            answer = client.call(tool, tool.input(**arguments))
        except FoleyError as error:
            raise ToolException(str(error)) from error
        return shown(answer), answer

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=tool.input,
        func=call,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )
