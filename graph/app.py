"""Entry for ``langgraph.json``: the graph, uncompiled, with the environment's workbench."""

from foley_designer.graph.build import build_graph

graph = build_graph()
