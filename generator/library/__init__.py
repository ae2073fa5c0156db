"""The user's own recordings: indexed, searched by meaning and by sound, performed to picture."""
