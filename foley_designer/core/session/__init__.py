"""A session's folder and its record."""
