"""Critic: measures the mix again and settles whether one more round pays."""
