"""FilmScribe's validator: completeness and accuracy against what was seen."""
