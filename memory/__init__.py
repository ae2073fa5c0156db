"""Foley design knowledge: cards, retrieval, preferences."""
