"""What a tool does to the user's files, as assistants are told before they call it."""

from mcp.types import ToolAnnotations

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
"""Looks or listens, and leaves everything as it is."""
WRITES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
"""Writes beside what is there; the same call again changes nothing."""
CHANGES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
)
"""Changes a design by one more revision, which can be undone."""
REPLACES = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False
)
"""Writes files anew in place of those of the same names."""
DESIGNS = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=True
)
"""Replaces a design, and may ask the language model that is configured."""
