"""Engines that make takes of sound events, and the placement of takes in space."""
