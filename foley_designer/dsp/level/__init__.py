"""Levels: gain, loudness, peaks, masking, mixdown and master."""
