"""What the shots of a scene bring: closeness, and what is heard on beside the picture."""
