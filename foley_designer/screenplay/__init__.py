"""Screenplays and descriptions as documents: read in whatever form, and the scene that fits."""

from foley_designer.screenplay.matching import matching_scene
from foley_designer.screenplay.reader import OpenedScript, description_notes, open_script

__all__ = ["OpenedScript", "description_notes", "matching_scene", "open_script"]
