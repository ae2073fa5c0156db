"""Reviser: plain words become typed operations on a Foley script."""
