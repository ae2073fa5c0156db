"""The spotter's choice: which moments are worth a look, and what to look for."""
