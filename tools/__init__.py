"""Tools: pure functions with input and output models, published over MCP."""
