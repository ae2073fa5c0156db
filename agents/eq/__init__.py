"""Equalisation specialist: clears what hides what matters."""
