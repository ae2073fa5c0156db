"""Two palms that meet: the air between them, the skin, and edges that land one after another.

L. Peltola, C. Erkut, P. R. Cook, V. Välimäki, *Synthesis of Hand Clapping Sounds* (IEEE TASLP
15(3), 2007): hands by their posture have a resonance between 0.6 and 2.5 kHz, low where they are
cupped.
"""

import numpy as np

from foley_designer.generator.synth.physics.contact import thump
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    burst,
    count_of,
    mix_at,
    noise,
    unit_peak,
)


def clap(rng: np.random.Generator, hz: float, life_s: float = 0.03) -> Wave:
    """One clap from its first sample, peak one.

    Args:
        rng: no two claps are alike.
        hz: resonance of the hollow.
        life_s: how long it takes to fall 60 dB.
    """
    count = count_of(1.6 * life_s + 0.02)
    out = np.zeros(count)
    at_s = 0.0
    for _ in range(int(rng.integers(2, 5))):  # heel, fingers, thumb: never at once
        part = count_of(1.4 * life_s)
        low, high = 0.75 * hz, 1.4 * hz
        cup = bandpass(noise(rng, part), low, high) * burst(part, 0.0006, life_s)
        skin = bandpass(noise(rng, part), 900, 7000) * burst(part, 0.0003, 0.4 * life_s)
        hands = unit_peak(cup) + 0.6 * unit_peak(skin)
        mix_at(out, hands, count_of(at_s) if at_s else 0, float(0.6 ** (at_s * 500)))
        at_s += rng.uniform(0.0008, 0.003)
    mix_at(out, unit_peak(thump(rng, 0.25 * hz, 0.03, 0.0015)), 0, 0.25)
    return unit_peak(out)
