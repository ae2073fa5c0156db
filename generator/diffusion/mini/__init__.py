"""foley-mini: a small autoencoder and transformer of our own, made for CPUs."""
