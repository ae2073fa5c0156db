"""What moves between two frames."""
