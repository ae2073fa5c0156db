"""Space: air, delay, panning, surround."""
