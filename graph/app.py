"""Entry for ``langgraph.json``: the graphs, uncompiled, with the environment's workbench."""

from foley_designer.graph.build import build_graph
from foley_designer.graph.revise import build_revision_graph

graph = build_graph()
revision = build_revision_graph()
