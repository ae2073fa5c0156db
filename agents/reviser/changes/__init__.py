"""Changes: what clauses want done, whatever they want it done to."""
