"""Films: reels of many scenes, each designed as a session of its own, and delivered as reels."""
