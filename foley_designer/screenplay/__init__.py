"""Screenplays and descriptions as documents: Fountain, FDX, prose and timed text."""

from foley_designer.screenplay.matching import matching_scene
from foley_designer.screenplay.reader import read

__all__ = ["matching_scene", "read"]
