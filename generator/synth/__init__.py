"""The embedded Foley instrument: physically informed synthesis, no recordings inside."""
