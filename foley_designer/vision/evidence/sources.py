"""Evidence from followed sources: where each one's movement ends, its contacts, its steps."""

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.script.observation import Moment, MomentKind
from foley_designer.vision.events.impacts import FEWEST, blow_direction, impact_curve, instants
from foley_designer.vision.evidence.onsets import CURVE_SMOOTHING, RATE, grid_s
from foley_designer.vision.evidence.window import Curves
from foley_designer.vision.motion.motion_signal import MotionSignal

Floats = NDArray[np.float64]

WIDE_S = 0.025
"""How far around a believed contact it counts."""
BELIEVED = 0.3
"""Confidence from which a contact is believed by itself."""


def curves(series: Sequence[MotionSignal], moments: Sequence[Moment], duration_s: float) -> Curves:
    """``sources``, ``contacts``, ``steps`` and ``beats`` on the common grid.

    Args:
        series: movement of each source.
        moments: contacts and steps that were read from them.
        duration_s: of the clip.
    """
    grid = grid_s(duration_s)
    strongest = np.zeros(len(grid))
    for one in series:
        if len(one.end_s) >= FEWEST:
            times = instants(one)
            ends = impact_curve(one, one.velocity, times, blow_direction(one), floor=0.5)
            strongest = np.maximum(strongest, np.interp(grid, times, ends, left=0, right=0))
    contacts = [moment for moment in moments if moment.kind is MomentKind.CONTACT]
    steps = [moment for moment in moments if moment.kind is MomentKind.STEP]
    beats = np.zeros(len(grid))
    for contact in contacts:
        if contact.confidence >= BELIEVED:
            near = np.exp(-0.5 * ((grid - contact.time_s) / WIDE_S) ** 2)
            beats = np.maximum(beats, contact.confidence * near)
    return {
        "sources": strongest,
        "contacts": _marks(contacts, grid),
        "steps": _marks(steps, grid),
        "beats": beats,
    }


def _marks(moments: Sequence[Moment], grid: Floats) -> Floats:
    """Their confidence at their times, smoothed."""
    marks = np.zeros(len(grid))
    for one in moments:
        at = min(round(one.time_s * RATE), len(grid) - 1)
        marks[at] = max(marks[at], one.confidence)
    return np.asarray(scipy.ndimage.gaussian_filter1d(marks, 1.5 * CURVE_SMOOTHING))
