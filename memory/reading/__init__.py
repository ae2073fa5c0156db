"""Reading: what of a text happens, and what is only spoken of."""
