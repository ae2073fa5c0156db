"""Signal processing: gains, panning, reverberation, equalisation, dynamics, loudness, upmix."""
