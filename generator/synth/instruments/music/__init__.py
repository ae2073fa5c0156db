"""What musicians strike and pluck, and bells."""
