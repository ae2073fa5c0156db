"""What an assistant is given over MCP: one file a tool, resources, prompts, jobs on disk."""
