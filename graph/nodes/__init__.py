"""One node a file: read references, call tools or agents, write references."""
