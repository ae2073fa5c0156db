"""What people look at: report, cue sheet, charts."""
