"""Scores candidate scripts: alignment, layers, emotion."""
