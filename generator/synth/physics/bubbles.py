"""Bubbles: the voice of water.

M. Minnaert, *On Musical Air-bubbles and the Sounds of Running Water* (Phil. Mag. 16, 1933): a
bubble of radius r metres rings at about 3.26/r Hz. K. van den Doel, *Physically-based Models for
Liquid Sounds* (ACM TAP 2(4), 2005): damping d = 0.043·f + 0.0014·f^1.5 (thermal, viscous and
radiation), frequency rising as the bubble nears the surface, and radii by a power law.
"""

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.grains import arrivals, power_law, scatter
from foley_designer.generator.synth.physics.signals import Wave


def minnaert_hz(radius_m: Wave) -> Wave:
    """Frequency of a bubble at the surface."""
    return 3.26 / radius_m


def damping(frequencies: Wave) -> Wave:
    """Decay rate in 1/s (van den Doel 2005, Eq. 6)."""
    rate: Wave = 0.043 * frequencies + 0.0014 * frequencies**1.5
    return rate


def bubbling(
    rng: np.random.Generator,
    rate_hz: Wave,
    low_hz: float,
    high_hz: float,
    *,
    exponent: float = 1.6,
    rising: float = 0.12,
    energy: Wave | None = None,
) -> Wave:
    """Bubbles that form at random.

    Args:
        rng: source of chance.
        rate_hz: bubbles a second, for every sample.
        low_hz: pitch of the largest.
        high_hz: pitch of the smallest.
        exponent: of the distribution of radii; larger means more small ones.
        rising: how much a typical bubble's pitch rises, relative to its damping.
        energy: amplitude envelope, one value a sample.
    """
    positions = arrivals(rng, rate_hz)
    count = positions.size
    radii = power_law(rng, count, exponent, high_hz / low_hz) * (3.26 / low_hz)
    frequencies = minnaert_hz(radii)
    rates = damping(frequencies)
    glide = rates * rising * rng.exponential(1.0, count) * (rng.uniform(size=count) < 0.7)
    depth = rng.uniform(0.15, 1.0, count)
    levels = depth * (radii / radii.max(initial=1e-9)) ** 0.5
    if energy is not None:
        levels = levels * energy[positions]
    return scatter(rate_hz.size, positions, frequencies, 1.0 / rates, levels, glide)


def bubble(rng: np.random.Generator, hz: float, rising: float = 0.15) -> Wave:
    """One bubble, from its first sample."""
    frequency = np.array([hz * rng.uniform(0.93, 1.07)])
    rate = damping(frequency)
    count = int(5.5 / rate[0] * SAMPLE_RATE) + 8
    start = np.zeros(1, dtype=np.int64)
    glide = rate * rising * rng.uniform(0.5, 1.5)
    return scatter(count, start, frequency, 1.0 / rate, np.ones(1), glide)
