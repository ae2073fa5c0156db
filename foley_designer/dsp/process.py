"""One track through what the plan says: repair, rides, equaliser, dynamics, reverberation, futz."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.mix_plan import TrackPlan
from foley_designer.dsp.declip import declip
from foley_designer.dsp.dereverb import dereverb
from foley_designer.dsp.dynamics import shape
from foley_designer.dsp.eq import equalise
from foley_designer.dsp.futz import futz
from foley_designer.dsp.gains import Samples
from foley_designer.dsp.reverb import reverberate
from foley_designer.dsp.rides import Ride, ride


def process(
    stem: Samples,
    plan: TrackPlan,
    foreground: NDArray[np.float32] | None = None,
    rides: Sequence[Ride] = (),
) -> Samples:
    """The processed stem; its fader ``gain_db`` is not applied.

    Everything follows from the plan: there is no chance and no state between calls.

    Args:
        stem: take of the event, ``[2, n]``.
        plan: what is done to it. Parameters that are set are used, whatever ``operations`` names.
        foreground: absolute amplitude ``[n]`` of the sum that this track ducks under; None: it
            does not duck.
        rides: stretches at a gain of their own. They come after the repair, which reads levels.

    Returns:
        ``[2, n]``.
    """
    result = stem
    if plan.declip is not None:
        result = declip(result, plan.declip)
    if plan.dereverb is not None:
        result = dereverb(result, plan.dereverb)
    if rides:
        result = ride(result, rides)
    result = equalise(result, plan.eq)
    if plan.dynamics is not None:
        result = shape(result, plan.dynamics, foreground)
    if plan.reverb is not None:
        result = reverberate(result, plan.reverb)
    if plan.futz is not None:
        result = futz(result, plan.futz)
    return result
