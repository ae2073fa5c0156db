"""Drawn clips with known sources, and how what is seen is scored against them."""
