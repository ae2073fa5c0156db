"""People: feet, hands, clothes, mouths, audiences."""
