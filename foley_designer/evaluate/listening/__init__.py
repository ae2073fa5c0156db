"""A blind listening test: a page that works offline, and what its results say."""
