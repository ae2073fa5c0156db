"""Water, weather, fire and places."""
