"""The judge: rates a film's sound that it hears."""
