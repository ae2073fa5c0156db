"""FilmScribe's generator: what is seen, and which sound events it calls for."""
