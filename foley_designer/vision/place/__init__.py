"""Where a shot plays, by its colours, its light and its layout."""
