"""Grounds that feet meet: solid ones thump and ring, loose ones crush, wet ones splash.

The split into solid and aggregate grounds and the force profile with a heel and a toe follow
P. R. Cook, *Modeling Bill's Gait* (AES 22nd Conf., 2002) and R. Nordahl, L. Turchet, S. Serafin,
*Sound Synthesis and Evaluation of Interactive Footsteps* (IEEE TVCG 17(9), 2011); Farnell,
*Designing Sound* (2010), ch. 52, gives the ground reaction force its shape.
"""

from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.bands import Bands
from foley_designer.generator.synth.physics.bubbles import bubbling
from foley_designer.generator.synth.physics.grains import crush
from foley_designer.generator.synth.physics.modal import Body, Material, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    bandpass,
    burst,
    count_of,
    drift,
    lowpass,
    noise,
    times,
    unit_rms,
)


class Ground(NamedTuple):
    """What is underfoot. Levels are relative to one another."""

    hardness: float
    """0 soft to 1 hardest."""
    thump_hz: float
    """Lowest mode that a step excites."""
    thump_t60_s: float
    thump: float
    click: float
    """How much of the shoe's own contact is heard."""
    ring: float = 0.0
    """How much the ground itself rings."""
    loose: float = 0.0
    """Level of grains."""
    rate_hz: float = 0.0
    """Collisions a second at full force."""
    low_hz: float = 500.0
    high_hz: float = 5000.0
    grain_s: float = 0.002
    """Time constant of a grain."""
    exponent: float = 1.8
    """Of the grains' sizes: smaller means more loud ones."""
    hiss: float = 0.0
    """Smooth friction noise between the grains."""
    onset_s: float = 0.0008
    """How long a heel takes to meet it: blades bend before they carry."""
    crush_s: float = 0.09
    """How long the ground goes on giving way."""
    fluid: float = 0.0
    """How much water lies on it."""
    groan: float = 0.0
    """Periodic squeak of packed crystals."""
    dull_hz: float = 20_000.0
    """Where what gives way underfoot begins to fall, by 6 dB an octave: recordings of steps on
    dirt, sand, gravel, snow and in puddles lie 10 to 20 dB lower at 8 kHz than at their middle."""


GROUNDS: dict[str, Ground] = {
    "concrete": Ground(
        1.0, 105, 0.07, 0.24, 1.0, loose=0.16, rate_hz=260, low_hz=2200, high_hz=9000,
        grain_s=0.0007, exponent=2.2, hiss=0.10, crush_s=0.05,
    ),
    "tile": Ground(1.0, 120, 0.06, 0.25, 1.15, ring=0.10, hiss=0.04),
    "wood": Ground(0.6, 92, 0.12, 0.60, 0.38, ring=0.55, hiss=0.03),
    "metal": Ground(0.95, 110, 0.16, 0.75, 0.8, ring=0.85),
    "carpet": Ground(0.08, 70, 0.10, 1.0, 0.06, hiss=0.22, crush_s=0.07, low_hz=300, high_hz=2500),
    "dirt": Ground(
        0.25, 105, 0.09, 0.06, 0.18, loose=0.42, rate_hz=650, low_hz=380, high_hz=6000,
        grain_s=0.0012, exponent=2.0, hiss=0.30, crush_s=0.10, dull_hz=1800,
    ),
    "gravel": Ground(
        0.7, 105, 0.08, 0.04, 0.15, loose=1.0, rate_hz=1500, low_hz=850, high_hz=8000,
        grain_s=0.0016, exponent=1.55, hiss=0.22, crush_s=0.13, dull_hz=3500,
    ),
    "sand": Ground(
        0.12, 120, 0.09, 0.10, 0.05, loose=0.30, rate_hz=3200, low_hz=450, high_hz=5200,
        grain_s=0.0005, exponent=2.6, hiss=0.75, crush_s=0.15, dull_hz=1800,
    ),
    "snow": Ground(
        0.10, 85, 0.14, 0.50, 0.03, loose=0.9, rate_hz=3800, low_hz=260, high_hz=5200,
        grain_s=0.0009, exponent=1.9, hiss=0.30, crush_s=0.20, groan=0.5, dull_hz=900,
    ),
    "grass": Ground(
        0.12, 95, 0.09, 0.10, 0.06, loose=0.30, rate_hz=900, low_hz=2400, high_hz=10_500,
        grain_s=0.0005, exponent=2.3, hiss=0.70, crush_s=0.22, onset_s=0.012,
    ),
    "leaves": Ground(
        0.2, 95, 0.09, 0.10, 0.05, loose=1.0, rate_hz=1300, low_hz=1600, high_hz=11000,
        grain_s=0.0007, exponent=1.45, hiss=0.40, crush_s=0.17,
    ),
    "mud": Ground(
        0.06, 75, 0.12, 0.5, 0.03, loose=0.12, rate_hz=300, low_hz=400, high_hz=2500,
        grain_s=0.002, hiss=0.35, crush_s=0.14, fluid=0.75, dull_hz=1500,
    ),
    "water": Ground(
        0.2, 120, 0.10, 0.32, 0.15, hiss=0.5, crush_s=0.24, fluid=1.0, low_hz=500, high_hz=8000,
        dull_hz=2500,
    ),
}  # fmt: skip

_BOARD = Material(105, 0.036, 40, 0.55, 0.4)
_GRATE = Material(190, 0.0055, 24, 0.95, 0.2)
_SLAB = Material(900, 0.012, 120, 1.0, 0.3)


def ground_body(name: str, rng: np.random.Generator) -> Body | None:
    """The resonator under a ground that rings, or none."""
    material = {"wood": _BOARD, "metal": _GRATE, "tile": _SLAB}.get(name)
    return None if material is None else build(material, 0.5, rng, Shape.PLATE, 60)


SOLID: dict[str, Bands] = {
    "concrete": Bands(
        (-20, -8, -2, 0, -5, -8, -16, -19, -28),
        (0.18, 0.11, 0.08, 0.08, 0.10, 0.12, 0.12, 0.12, 0.12),
    ),
    "tile": Bands(
        (-20, -10, -4, 0, -3, -5, -8, -10, -20),
        (0.20, 0.15, 0.10, 0.08, 0.08, 0.09, 0.09, 0.09, 0.08),
    ),
    "wood": Bands(
        (-24, -11, -6, 0, -8, -16, -24, -31, -42),
        (0.27, 0.20, 0.15, 0.12, 0.11, 0.12, 0.13, 0.16, 0.16),
    ),
    "metal": Bands(
        (-17, -12, -3, 0, -4, -9, -14, -22, -32),
        (0.60, 0.60, 0.40, 0.36, 0.32, 0.33, 0.33, 0.25, 0.25),
    ),
    "carpet": Bands(
        (-8, 0, -1, -7, -15, -20, -24, -30, -42),
        (0.12, 0.12, 0.10, 0.07, 0.06, 0.06, 0.06, 0.06, 0.06),
    ),
}  # fmt: skip
"""What a leather heel makes of grounds that don't give way: medians of 2 steps on boards, 10 on
stone and 3 on grating; tile and carpet after them by ear and by what they are."""
DENSE = {"wood": 0.3, "metal": 2.0, "tile": 1.0}
"""How much of a ground's ring comes from modes too dense to count."""


def give_way(
    ground: Ground, rng: np.random.Generator, force: float, seconds: float, sudden: bool
) -> Wave:
    """Grains, friction and squeak of a loose ground under one part of the foot.

    Args:
        ground: what is underfoot.
        rng: source of chance.
        force: 0 to 1; more force breaks more, and larger, things.
        seconds: how long the ground goes on giving way, to 1/e.
        sudden: whether it starts at once, as under a heel, or swells, as under a rolling foot.
    """
    count = count_of(3.0 * seconds)
    fall = np.exp(-((times(count) / seconds) ** 1.7)) * (1 + 0.3 * drift(rng, count, 45.0)).clip(
        0.15
    )
    envelope = fall * (attack(count, ground.onset_s) if sudden else attack(count, 0.8 * seconds))
    out = np.zeros(count)
    if ground.loose > 0:
        rate = ground.rate_hz * (0.4 + 0.9 * force) * envelope
        if sudden:
            rate[:96] += 6.0 * SAMPLE_RATE / 96
        grains = crush(
            rng, rate, ground.low_hz, ground.high_hz, ground.grain_s, ground.exponent,
            envelope**0.6,
        )  # fmt: skip
        out += ground.loose * grains
    if ground.hiss > 0:
        wash = bandpass(noise(rng, count), ground.low_hz, ground.high_hz)
        out += 0.35 * ground.hiss * wash * envelope
    if ground.groan > 0:
        out += ground.groan * _groan(rng, envelope, force)
    if ground.fluid > 0:
        out[:] += ground.fluid * _slosh(rng, envelope, force)[:count]
    return out


def _groan(rng: np.random.Generator, envelope: Wave, force: float) -> Wave:
    """Packed snow slips in a fast irregular rhythm that modulates its own noise."""
    count = envelope.size
    rate = 95.0 * (1 + 0.5 * force) * (1 + 0.18 * drift(rng, count, 25.0))
    phase = np.cumsum(rate) / SAMPLE_RATE
    comb = (1.0 - (phase % 1.0)) ** 3
    return 0.9 * bandpass(noise(rng, count), 350, 2600) * comb * envelope


def _slosh(rng: np.random.Generator, envelope: Wave, force: float) -> Wave:
    """Water pressed aside: a slap of noise and the bubbles that it closes over."""
    count = envelope.size
    spray = lowpass(noise(rng, count), 3500 + 5000 * force, 1) * burst(count, 0.001, 0.12)
    rate = (260 + 500 * force) * envelope
    drops = bubbling(rng, rate, 480, 6000, exponent=2.0, energy=envelope)
    wash = bandpass(noise(rng, count), 700, 6000) * envelope
    return 0.45 * spray + 0.16 * unit_rms(drops) + 0.18 * wash
