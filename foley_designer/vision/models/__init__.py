"""Parts that see better: detector, depth, pose."""
