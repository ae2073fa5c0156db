"""Reading screenplays: Fountain, Final Draft, prose, timed text."""
