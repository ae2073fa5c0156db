"""Turnover: what editors wrote at a timecode, in the lists of their programs."""
