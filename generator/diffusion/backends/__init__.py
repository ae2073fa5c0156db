"""Base models that position is injected into."""
