"""Many small collisions: PhISEM and its relatives.

P. R. Cook, *Physically Informed Sonic Modeling (PhISM): Synthesis of Percussive Sounds* (CMJ
21(3), 1997): sound objects collide at random with a rate and an energy that follow the motion,
each collision a short decaying resonance. Here each grain has its own resonance.
"""

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import Wave

_CHUNK = 1 << 20
"""Values a batch of grains may hold at once."""

Positions = NDArray[np.int64]


def arrivals(rng: np.random.Generator, rate_hz: Wave) -> Positions:
    """Sorted sample positions of a Poisson process whose rate is given for every sample."""
    expected = np.cumsum(rate_hz) / SAMPLE_RATE
    total = rng.poisson(expected[-1]) if expected[-1] > 0 else 0
    marks = np.sort(rng.uniform(0.0, expected[-1], total))
    return np.minimum(np.searchsorted(expected, marks), rate_hz.size - 1).astype(np.int64)


def steady_arrivals(rng: np.random.Generator, rate_hz: float, count: int) -> Positions:
    """Sorted sample positions of a Poisson process of constant rate."""
    total = rng.poisson(rate_hz * count / SAMPLE_RATE)
    return np.sort(rng.integers(0, count, total))


def power_law(rng: np.random.Generator, count: int, exponent: float, span: float) -> Wave:
    """Sizes in (1/span, 1] with density ∝ x^-exponent: few large, many small."""
    u = rng.uniform(0.0, 1.0, count)
    if abs(exponent - 1.0) < 1e-6:
        return span ** (u - 1.0)
    power = 1.0 - exponent
    low = span**-power
    sizes: Wave = (low + u * (1.0 - low)) ** (1.0 / power)
    return sizes


def log_uniform(rng: np.random.Generator, count: int, low: float, high: float) -> Wave:
    """Values spread evenly over the logarithm."""
    return np.exp(rng.uniform(np.log(low), np.log(high), count))


def scatter(
    count: int,
    positions: Positions,
    frequencies: Wave,
    decays_s: Wave,
    levels: Wave,
    glide: Wave | None = None,
) -> Wave:
    """Sum of damped sinusoids that start at their own samples.

    Args:
        count: samples of the result; grains are cut at its end.
        positions: first sample of each grain.
        frequencies: Hz.
        decays_s: time constants (1/e) in seconds.
        levels: amplitudes.
        glide: relative rise of frequency a second, as for bubbles; none for solids.
    """
    out = np.zeros(count)
    lengths = np.clip(5.0 * decays_s * SAMPLE_RATE, 4, count).astype(np.int64)
    order = np.argsort(lengths, kind="stable")
    start = 0
    while start < order.size:
        end = _batch_end(lengths, order, start)
        batch = order[start:end]
        _add_batch(
            out,
            positions[batch],
            frequencies[batch],
            decays_s[batch],
            levels[batch],
            None if glide is None else glide[batch],
            int(lengths[batch].max()),
        )
        start = end
    return out


def _batch_end(lengths: Positions, order: Positions, start: int) -> int:
    """Grains of similar length share a batch, so that short ones are not padded to long ones."""
    longest = 2 * lengths[order[start]]
    end = int(np.searchsorted(lengths[order], longest, side="right"))
    return min(max(end, start + 1), start + max(1, _CHUNK // int(longest)))


def _add_batch(
    out: Wave,
    positions: Positions,
    frequencies: Wave,
    decays_s: Wave,
    levels: Wave,
    glide: Wave | None,
    length: int,
) -> None:
    steps = np.arange(1, length + 1)
    t = steps / SAMPLE_RATE
    cycles = frequencies[:, None] * t
    if glide is not None:
        cycles *= 1.0 + 0.5 * glide[:, None] * t
    wave = np.sin(2 * np.pi * cycles) * np.exp(-t / decays_s[:, None]) * levels[:, None]
    wave *= 0.5 + 0.5 * np.cos(np.pi * np.minimum(steps / length, 1.0) ** 4)
    index = positions[:, None] + np.arange(length)
    total = np.bincount(index.ravel(), weights=wave.ravel(), minlength=out.size)
    out += total[: out.size]


def crush(
    rng: np.random.Generator,
    rate_hz: Wave,
    low_hz: float,
    high_hz: float,
    decay_s: float,
    exponent: float = 1.8,
    energy: Wave | None = None,
) -> Wave:
    """Collisions of small hard things: gravel, snow, leaves, crumpling, crackles.

    Args:
        rng: source of chance.
        rate_hz: collisions a second, for every sample of the result.
        low_hz: lowest resonance.
        high_hz: highest resonance.
        decay_s: typical time constant of a grain; it varies by a factor of two and shortens
            with frequency.
        exponent: of the energy distribution; larger means fewer loud ones (1.5 to 2.5 is common
            for crumpling: P. A. Houle and J. P. Sethna, Phys. Rev. E 54, 1996).
        energy: amplitude envelope, one value a sample.
    """
    positions = arrivals(rng, rate_hz)
    grains = positions.size
    frequencies = log_uniform(rng, grains, low_hz, high_hz)
    middle = np.sqrt(low_hz * high_hz)
    decays = decay_s * log_uniform(rng, grains, 0.6, 1.6) * np.sqrt(middle / frequencies)
    levels = power_law(rng, grains, exponent, 40.0) * rng.choice([-1.0, 1.0], grains)
    if energy is not None:
        levels = levels * energy[positions]
    return scatter(rate_hz.size, positions, frequencies, decays, levels)
