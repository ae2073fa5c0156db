"""Faults of recordings, and their repair."""
