"""Position-aware latent diffusion (paper, section 3.2.2): backbones, injection, training."""
