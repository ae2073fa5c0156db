"""Joins of shots: cuts, dissolves and fades, found in thumbnails of the frames."""
