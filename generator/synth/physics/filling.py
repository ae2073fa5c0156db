"""What is inside a vessel changes how its wall rings.

A liquid moves with the wall: A. P. French, *In Vino Veritas: A Study of Wineglass Acoustics*
(American Journal of Physics 51(8), 1983), finds (f empty / f filled)² = 1 + k·(depth/height)⁴, with
k between 1 and 2 for a glass. Sand, grain and goods press on the wall and rub: they load it too,
and take the ring (particle damping; H. V. Panossian, *Structural Damping Enhancement Via
Non-Obstructive Particle Damping Technique*, J. Vib. Acoust. 114(1), 1992).
"""

import numpy as np

from foley_designer.generator.synth.physics.modal import Body

LIQUID_LOAD = 1.5
"""k of French's law, the middle of what was measured."""
GOODS_LOAD = 0.5
"""The same for what lies on the wall without moving wholly with it."""
LIQUID_LOSS = 1.5
"""By how much more than its own loss a wall loses when full of liquid: it weighs on its foot."""
GOODS_LOSS = 12.0
"""The same for sand and goods; particle dampers raise a plate's loss tenfold and more."""


def filled(body: Body, fullness: float, liquid: bool) -> Body:
    """A vessel's modes when something is in it; the same if it is empty."""
    if fullness <= 0:
        return body
    load = LIQUID_LOAD * fullness**4 if liquid else GOODS_LOAD * fullness
    lower = 1.0 / np.sqrt(1.0 + load)
    return body._replace(
        frequencies=body.frequencies * lower, t60_s=body.t60_s * lasting(fullness, liquid)
    )


def lasting(fullness: float, liquid: bool) -> float:
    """Factor on how long a vessel rings."""
    return 1.0 / (1.0 + (LIQUID_LOSS if liquid else GOODS_LOSS) * fullness)
