"""Prompts as files, checked at start-up."""
