"""Evidence from light: what flashes up, and what spreads, as sparks, smoke and splash do."""

import numpy as np

from foley_designer.vision.evidence.window import Curves, Window

BRIGHTEST = 99.7
"""Percentile of brightening that stands for the brightest thing: of 80 × 45, ten pixels."""
CHANGED = 18.0
"""Grey levels by which a pixel must change to count as covered by something new."""


def curves(window: Window) -> Curves:
    """``flashes`` and ``spreads``: jumps of the brightest brightening and of the changed area."""
    count = len(window.light)
    bright = np.percentile(window.light.reshape(count, -1), BRIGHTEST, axis=1)
    covered = (window.change > CHANGED).mean((1, 2))
    return {
        "flashes": np.maximum(np.diff(bright, prepend=bright[:1]), 0.0),
        "spreads": np.maximum(np.diff(covered, prepend=covered[:1]), 0.0),
    }
