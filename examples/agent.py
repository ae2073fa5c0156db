"""An agent of your own with FoleyDesigner's tools.

    FOLEY_LLM_MODEL=… OPENAI_BASE_URL=… python examples/agent.py CLIP "When does the hammer hit?"

The agent may look at the clip and search the Foley knowledge; it is given no tool that writes.
"""

import sys
from pathlib import Path

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from foley_designer.core.settings import Settings
from foley_designer.tools.client import LocalTools
from foley_designer.tools.context import ToolContext
from foley_designer.tools.langchain import langchain_tools

ADVICE = SystemMessage(
    "You advise a Foley artist. Look at the clip with your tools before you speak of it, and "
    "search the knowledge for how a sound is performed. Times are seconds from the first frame."
)


def agent(model: ChatOpenAI, folder: Path) -> StateGraph[MessagesState]:
    """A model that calls tools until it has an answer; it may read in ``folder`` alone."""
    tools = langchain_tools(LocalTools(ToolContext(readable=(folder,), writable=())))
    thinking = model.bind_tools(tools)

    def think(state: MessagesState) -> MessagesState:
        return {"messages": [thinking.invoke([ADVICE, *state["messages"]])]}

    graph = StateGraph(MessagesState)
    graph.add_node("think", think)
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", tools_condition)
    graph.add_edge("tools", "think")
    return graph


def main(clip: str, question: str) -> None:
    """Ask once."""
    settings = Settings()
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    model = ChatOpenAI(
        model=settings.llm_model or "gpt-4o-mini", base_url=settings.openai_base_url, api_key=key
    )
    path = Path(clip).expanduser().absolute()
    asked = HumanMessage(f"The clip is {path}. {question}")
    answer = agent(model, path.parent).compile().invoke({"messages": [asked]})
    print(answer["messages"][-1].content)


if __name__ == "__main__":
    main(*sys.argv[1:3])
