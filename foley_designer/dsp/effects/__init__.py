"""What processes a track: equaliser, dynamics, reverberation."""
