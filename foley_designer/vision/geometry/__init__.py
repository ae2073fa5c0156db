"""Where it happens: angles, distances, cues."""
