"""Yardstick clips with known truth, and the FilmStereo builder."""
