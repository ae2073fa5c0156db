"""Animals: voices and feet."""
