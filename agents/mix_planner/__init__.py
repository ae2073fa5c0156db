"""Mix planner: decides per track which operations it needs, its fader, and why."""
