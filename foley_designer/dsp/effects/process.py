"""One track through what the plan says, and through what an editor has done by hand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.mix.mix_plan import TrackPlan
from foley_designer.core.mix.treatment import Treatment
from foley_designer.dsp.effects.dynamics import shape
from foley_designer.dsp.effects.eq import equalise
from foley_designer.dsp.effects.futz import futz
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.effects.treat import coloured, framed, played
from foley_designer.dsp.level.gains import Samples
from foley_designer.dsp.level.rides import Ride, ride
from foley_designer.dsp.repair.declip import declip
from foley_designer.dsp.repair.dereverb import dereverb


class ByHand(NamedTuple):
    """An editor's treatment, with what it needs to know of the event."""

    treatment: Treatment
    starts_s: tuple[float, ...] = ()
    """Times of the hits."""
    spans_s: tuple[tuple[float, float], ...] = ()
    keys: tuple[NDArray[np.float32], ...] = ()
    """Absolute amplitude ``[n]`` of what each of its dips makes room for."""


def process(
    stem: Samples,
    plan: TrackPlan,
    foreground: NDArray[np.float32] | None = None,
    rides: Sequence[Ride] = (),
    hand: ByHand | None = None,
) -> Samples:
    """The processed stem; its fader ``gain_db`` is not applied.

    Everything follows from the plan: there is no chance and no state between calls.

    Args:
        stem: take of the event, ``[2, n]``.
        plan: what is done to it. Parameters that are set are used, whatever ``operations`` names.
        foreground: absolute amplitude ``[n]`` of the sum that this track ducks under; None: it
            does not duck.
        rides: stretches at a gain of their own. They come after the repair, which reads levels.
        hand: what an editor has done; None: nothing.

    Returns:
        ``[2, n]``.
    """
    result = stem
    if hand is not None:
        result = played(result, hand.treatment, hand.starts_s, hand.spans_s)
    if plan.declip is not None:
        result = declip(result, plan.declip)
    if plan.dereverb is not None:
        result = dereverb(result, plan.dereverb)
    if rides:
        result = ride(result, rides)
    result = equalise(result, plan.eq)
    if plan.dynamics is not None:
        result = shape(result, plan.dynamics, foreground)
    if hand is not None:
        result = coloured(result, hand.treatment, hand.keys)
    if plan.framing:
        result = _framed(result, plan)
    elif plan.reverb is not None:
        result = reverberate(result, plan.reverb)
    through = (hand.treatment.futz if hand else None) or plan.futz
    if through is not None:
        result = futz(result, through)
    return result if hand is None else framed(result, hand.treatment)


def _framed(samples: Samples, plan: TrackPlan) -> Samples:
    """Direct sound and reverberation apart at the gains of each shot's framing, and together."""
    direct = [Ride(one.start_s, one.end_s, one.direct_db) for one in plan.framing if one.direct_db]
    room = [Ride(one.start_s, one.end_s, one.room_db) for one in plan.framing if one.room_db]
    near = ride(samples, direct)
    if plan.reverb is None:
        return near
    far = reverberate(samples, plan.reverb) - samples
    result: Samples = near + ride(far, room)
    return result
