"""Training: stage 1, the autoencoder; stage 2, the transformer with injection."""
