"""Seeing through transformers, where its weights are on this machine. Nothing is downloaded."""
