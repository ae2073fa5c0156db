"""Measurements of timing, place and quality, as their sources define them."""
