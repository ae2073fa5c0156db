"""FoleyDesigner inside an application of your own: its graph is one node of yours.

    python examples/subgraph.py CLIP FOLDER "a hammer strikes a steel anvil"

The application below takes a delivery, has its Foley designed, and writes a letter about it. The
parent's state shares the keys `session`, `clip` and `description` with the subgraph; everything
else that a design needs stays inside. Settings come from the environment (FOLEY_…), and
`build_graph` takes a function that returns another workbench where that is not enough.
"""

import sys
from pathlib import Path
from typing import TypedDict

from langgraph.graph import END, START, StateGraph

from foley_designer.core.session.session import Session
from foley_designer.graph.build import build_graph


class Delivery(TypedDict, total=False):
    """The application's own state."""

    customer: str
    session: str
    clip: str
    description: str
    letter: str


def receive(state: Delivery) -> Delivery:
    """Say where the customer's design belongs."""
    folder = Path(state["session"]) / state["customer"]
    return {"session": str(folder)}


def write_letter(state: Delivery) -> Delivery:
    """Tell the customer what was made, from the session's record."""
    record = Session(Path(state["session"])).record()
    assert record is not None
    assert record.mix is not None
    stems = "\n".join(f"  {stem.file}" for stem in record.stems)
    loudness = record.mix.stereo.integrated_lufs
    measured = "too short to be measured" if loudness is None else f"{loudness:.1f} LUFS"
    return {"letter": f"Dear {state['customer']},\n\nyour stems:\n{stems}\nThe mix: {measured}."}


def application() -> StateGraph[Delivery]:
    """Receive, design, write."""
    graph = StateGraph(Delivery)
    graph.add_node("receive", receive)
    graph.add_node("foley", build_graph().compile())
    graph.add_node("write_letter", write_letter)
    graph.add_edge(START, "receive")
    graph.add_edge("receive", "foley")
    graph.add_edge("foley", "write_letter")
    graph.add_edge("write_letter", END)
    return graph


def main(clip: str, folder: str, description: str) -> None:
    """Run the application once."""
    start = Delivery(customer="ana", session=folder, clip=clip, description=description)
    print(application().compile().invoke(start)["letter"])


if __name__ == "__main__":
    main(*sys.argv[1:4])
