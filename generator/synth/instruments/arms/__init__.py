"""Guns, blasts, blades and bows."""
