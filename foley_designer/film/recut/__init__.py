"""Recuts: which frames of an old cut a new one shows, and what that does to a film."""
