"""What an assistant can call: one tool a file."""
