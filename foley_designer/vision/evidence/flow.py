"""Evidence from the flow of the whole frame: how much moves, what stops, falls and turns back.

After the directogram's impact envelope (Davis and Agrawala, Visual Rhythm and Beat, 2018), pixel by
pixel instead of direction by direction.
"""

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.evidence.window import Curves, Floats, Window, impact

NOISE = 0.2
"""Grey levels by which frames at rest change."""
CELLS = (6, 10)
"""Rows and columns of the cells in which movement may stop by itself."""
DOWNWARD = 0.6
"""Share of an impact's weight that goes with how far down it points."""


def curves(window: Window) -> Curves:
    """``moves``, ``turns``, ``falls`` and ``stops``."""
    before, after = window.velocity, window.after
    backward = np.maximum(-(before * after).sum(-1), 0.0)
    lost_down = np.maximum(before[..., 1] - after[..., 1], 0.0) * (before[..., 1] > 0)
    return {
        "moves": np.log(window.change.mean((1, 2)) + NOISE) - np.log(NOISE),
        "turns": np.sqrt(backward).mean((1, 2)),
        "falls": lost_down.mean((1, 2)),
        "stops": cell_impacts(window).reshape(len(before), -1).max(1),
    }


def cell_impacts(window: Window) -> NDArray[np.float64]:
    """Impact of each cell's change-weighted movement, ``[frames, rows, columns]``."""
    moved = np.stack([cells(window.velocity[..., axis] * window.change) for axis in (0, 1)], -1)
    after = np.concatenate([moved[1:], moved[-1:]])
    lost = moved - after
    amount = np.hypot(lost[..., 0], lost[..., 1]) + 1e-9
    aimed = (1 + lost[..., 1] / amount) / 2
    return np.asarray(impact(moved, after) * (1 - DOWNWARD + DOWNWARD * aimed))


def cells(values: Floats) -> NDArray[np.float64]:
    """Means over the cells, ``[frames, rows, columns]``."""
    rows, columns = (
        np.linspace(0, size, count + 1).astype(int)
        for size, count in zip(values.shape[1:], CELLS, strict=True)
    )
    summed = np.add.reduceat(np.add.reduceat(values, rows[:-1], 1), columns[:-1], 2)
    sizes = np.diff(rows)[:, None] * np.diff(columns)[None, :]
    return np.asarray(summed / sizes, np.float64)
