"""Simulated film: rendered actions whose contacts, places and lenses are known exactly."""
