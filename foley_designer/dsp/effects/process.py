"""One track through what the plan says: repair, rides, equaliser, dynamics, reverberation, futz."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.mix.mix_plan import TrackPlan
from foley_designer.dsp.effects.dynamics import shape
from foley_designer.dsp.effects.eq import equalise
from foley_designer.dsp.effects.futz import futz
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.level.gains import Samples
from foley_designer.dsp.level.rides import Ride, ride
from foley_designer.dsp.repair.declip import declip
from foley_designer.dsp.repair.dereverb import dereverb


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
