"""A film scene by scene: agents that write see one scene at a time, as a clip of its own."""
