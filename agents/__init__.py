"""Agents: each an interface with a rules reasoner and a model reasoner."""
