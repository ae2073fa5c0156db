"""What the words do not say: sounds by the look of the picture, and by movement alone."""
