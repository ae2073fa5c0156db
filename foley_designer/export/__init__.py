"""Files that others open: BWF, MOV, cue sheet, report."""
