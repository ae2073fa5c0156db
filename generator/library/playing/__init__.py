"""Performing with recordings: which ones, hit by hit, and over stretches."""
