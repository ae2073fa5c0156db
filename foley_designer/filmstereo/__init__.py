"""The FilmStereo builder: sounds are collected, cleaned, placed, described, checked and packed."""
