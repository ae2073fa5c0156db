"""Names of things to find, and a seeing model that finds them."""
