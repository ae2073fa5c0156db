"""Reverberation specialist: matches a track to the space of its scene."""
