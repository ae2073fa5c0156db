"""Aligner: which shots a screenplay's scenes and sentences tell."""
