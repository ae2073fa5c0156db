"""Mechanisms, machines, signals and vehicles."""
