"""Seeing: decode, shots, motion, tracks, moments of impact, depth, angles, trajectories."""
