"""Evidence: what speaks for an impact at each instant, a curve a detector."""
