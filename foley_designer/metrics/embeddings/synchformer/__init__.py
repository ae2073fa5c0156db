"""Synchformer: how far a sound is off its picture (Iashin et al., ICASSP 2024)."""
