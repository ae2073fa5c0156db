"""When something visible happens."""
