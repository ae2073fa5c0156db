"""Frames in, shots and keyframes out."""
