"""The captioner: one sentence for a placed sound."""
