"""Counterfactual pairs: one thing changes, and the sound should follow in that and nothing else."""
