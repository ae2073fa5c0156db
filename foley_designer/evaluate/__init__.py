"""Scores any system's sound for clips, beside floors and a ceiling (paper, section 5)."""
