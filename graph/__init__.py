"""The state machine: assembly in build.py, one thin node a file in nodes/."""
