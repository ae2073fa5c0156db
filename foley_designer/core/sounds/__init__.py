"""Sounds: one row a sound, in tables that every room reads."""
