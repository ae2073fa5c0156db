"""Sessions and edit lists of other programs."""
