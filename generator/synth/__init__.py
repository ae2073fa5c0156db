"""The embedded Foley instrument: physically informed synthesis."""
