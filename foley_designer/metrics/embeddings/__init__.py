"""Embeddings and classifiers that quality is measured by; torch loads where one is used."""
