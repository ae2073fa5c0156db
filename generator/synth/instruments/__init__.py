"""One instrument a file: what performs a subcategory."""
