"""Things that ring: modes from shape, material and size.

K. van den Doel and D. K. Pai, *The Sounds of Physical Shapes* (Presence 7(4), 1998): a struck
solid is a bank of damped sinusoids whose amplitudes depend on where it is struck. Damping follows
the internal friction of the material, d = π·f·tan φ, so that the ear hears what a thing is made
of (R. L. Klatzky, D. K. Pai, E. P. Krotkov, *Perception of Material from Contact Sounds*,
Presence 9(4), 2000). Mode ratios: N. H. Fletcher and T. D. Rossing, *The Physics of Musical
Instruments* (2nd ed., 1998), chapters 2, 3, 20, 21.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import LN_1000, Wave, count_of


class Material(NamedTuple):
    """What a thing is made of."""

    base_hz: float
    """Lowest mode of a plate the size of a book (size 0.5)."""
    friction: float
    """tan φ: internal friction."""
    mount: float
    """Loss through support and radiation, 1/s."""
    hardness: float
    """0 soft to 1 hardest: shortens contacts."""
    grain: float
    """How noisy its surface contact is, 0 smooth to 1 rough."""


MATERIALS: dict[str, Material] = {
    "wood": Material(260, 0.016, 30, 0.75, 0.45),
    "steel": Material(520, 0.0009, 3.0, 0.95, 0.15),
    "brass": Material(430, 0.0006, 2.0, 0.85, 0.10),
    "aluminium": Material(560, 0.0012, 4.0, 0.80, 0.15),
    "iron": Material(430, 0.0022, 7.0, 0.95, 0.25),
    "glass": Material(900, 0.0016, 5.0, 0.95, 0.08),
    "ceramic": Material(780, 0.0032, 9.0, 0.95, 0.15),
    "stone": Material(620, 0.011, 45, 1.00, 0.55),
    "plastic": Material(330, 0.034, 45, 0.70, 0.25),
    "rubber": Material(90, 0.14, 45, 0.35, 0.20),
    "leather": Material(140, 0.12, 70, 0.32, 0.40),
    "rope": Material(230, 0.085, 60, 0.35, 0.60),
    "cardboard": Material(150, 0.070, 60, 0.42, 0.50),
    "bone": Material(700, 0.022, 60, 0.85, 0.30),
    "flesh": Material(70, 0.25, 50, 0.08, 0.25),
    "dirt": Material(75, 0.22, 70, 0.15, 0.80),
    "snow": Material(90, 0.25, 90, 0.10, 0.90),
    "ice": Material(800, 0.007, 25, 0.90, 0.30),
}


class Shape(StrEnum):
    """How a thing is built."""

    PLATE = "plate"
    BAR = "bar"
    SHELL = "shell"
    BLOCK = "block"
    BOX = "box"


class Body(NamedTuple):
    """A resonator: one value a mode."""

    frequencies: Wave
    """Hz."""
    t60_s: Wave
    """Seconds to fall 60 dB."""
    shapes: NDArray[np.int64]
    """``[modes, 2]``: wave numbers along two axes, which decide what a position excites."""
    levels: Wave
    """Radiation of each mode, relative: poor where the thing is small against the wavelength."""


_BAR = np.array([1.0, 2.756, 5.404, 8.933, 13.344, 18.637, 24.81, 31.87, 39.81, 48.63])
_SHELL = np.array([1.0, 2.32, 2.67, 4.25, 5.1, 6.63, 7.9, 9.38, 11.4, 12.22, 14.8, 17.5, 20.6])


def _ratios(shape: Shape, count: int, rng: np.random.Generator) -> tuple[Wave, NDArray[np.int64]]:
    """Mode ratios to the lowest mode, and their wave numbers."""
    order = np.arange(1, count + 1)
    if shape in (Shape.BAR, Shape.SHELL):
        table = _BAR if shape is Shape.BAR else _SHELL
        ratios = table[:count]
        return ratios, np.stack([order[: ratios.size], np.ones_like(order[: ratios.size])], 1)
    m, n = (axis.ravel() for axis in np.meshgrid(np.arange(1, 13), np.arange(1, 13)))
    aspect = rng.uniform(1.25, 1.7)
    if shape is Shape.PLATE:
        frequencies = m**2 + (aspect * n) ** 2
    else:
        depth = rng.uniform(0.6, 1.0) if shape is Shape.BLOCK else 0.4
        frequencies = (m**2 + (aspect * n) ** 2) ** (0.5 + 0.25 * depth)
    chosen = np.argsort(frequencies)[:count]
    ratios = frequencies[chosen] / frequencies[chosen[0]]
    return ratios, np.stack([m[chosen], n[chosen]], 1)


def build(
    material: Material,
    size: float,
    rng: np.random.Generator,
    shape: Shape = Shape.PLATE,
    modes: int = 28,
    octaves: float = 4.0,
    damping: float = 1.0,
) -> Body:
    """One particular object.

    Args:
        material: what it is made of.
        size: 0 to 1; ``octaves`` of pitch lie between.
        rng: makes this one differ from the next.
        shape: which ratios.
        modes: how many at most; those above 18 kHz are left out.
        octaves: from the largest to the smallest.
        damping: factor on all losses, above one for a thing that is held or lies flat.
    """
    ratios, numbers = _ratios(shape, modes, rng)
    base = material.base_hz * 2.0 ** (octaves * (0.5 - size)) * rng.uniform(0.92, 1.09)
    frequencies = base * ratios * rng.normal(1.0, 0.012, ratios.size)
    audible = (frequencies > 25) & (frequencies < 18_000)
    frequencies, numbers = frequencies[audible], numbers[audible]
    loss = damping * (material.mount + np.pi * frequencies * material.friction)
    t60 = LN_1000 / (loss * np.exp(rng.normal(0, 0.25, frequencies.size)))
    radiates_hz = 900.0 * 2.0 ** (2.0 * (0.5 - size))
    levels = np.exp(rng.normal(0, 0.45, frequencies.size))
    levels /= np.sqrt(1.0 + (radiates_hz / frequencies) ** 2)
    return Body(frequencies, t60, numbers, levels)


def doubled(body: Body, rng: np.random.Generator, spread: float = 0.004) -> Body:
    """Each mode as a pair a few cents apart, which beats like cast metal and blown glass."""
    detune = 1 + np.abs(rng.normal(0, spread, body.frequencies.size))
    share = rng.uniform(0.2, 0.9, body.frequencies.size)
    return Body(
        np.concatenate([body.frequencies, body.frequencies * detune]),
        np.concatenate([body.t60_s, body.t60_s * 0.9]),
        np.concatenate([body.shapes, body.shapes[:, ::-1]]),
        np.concatenate([body.levels, body.levels * share]),
    )


def at_position(body: Body, x: float, y: float) -> Wave:
    """How strongly a blow at a place (0 to 1 along each axis) excites each mode."""
    weights: Wave = np.sin(np.pi * body.shapes[:, 0] * x) * np.sin(np.pi * body.shapes[:, 1] * y)
    return body.levels * np.sign(weights) * (0.08 + 0.92 * np.abs(weights))


_BLOCK = 128
_PRODUCT = 1 << 17
"""Multiplications in one matrix product: few enough that BLAS stays on one thread. Sums then keep
their order, and a busy machine does not wait for its other cores."""


def ring(frequencies: Wave, t60_s: Wave, levels: Wave, count: int) -> Wave:
    """Sum of damped sinusoids that all start now.

    A mode's phasor at sample i·B + j is the product of its phasors at i·B and at j, so the bank is
    a matrix product of ``[blocks, modes]`` with ``[modes, B]``. Modes that have died are left out.
    """
    order = np.argsort(-t60_s, kind="stable")
    pole = (-LN_1000 / t60_s[order] + 2j * np.pi * frequencies[order]) / SAMPLE_RATE
    lives = np.minimum(1.8 * t60_s[order] * SAMPLE_RATE, count)
    fine = np.exp(pole[:, None] * np.arange(1, _BLOCK + 1))
    fine_parts = np.stack([fine.imag, fine.real], 1).reshape(-1, _BLOCK)
    blocks = -(-count // _BLOCK)
    out = np.zeros((blocks, _BLOCK))
    start = 0
    while start < blocks:
        alive = int(np.searchsorted(-lives, -start * _BLOCK, side="left")) if start else order.size
        if alive == 0:
            break
        end = min(start + max(1, _PRODUCT // (2 * alive * _BLOCK)), blocks)
        steps = _BLOCK * np.arange(start, end)
        coarse = np.exp(steps[:, None] * pole[:alive]) * levels[order[:alive]]
        coarse_parts = np.stack([coarse.real, coarse.imag], 2).reshape(end - start, -1)
        out[start:end] = coarse_parts @ fine_parts[: 2 * alive]
        start = end
    return out.ravel()[:count]


def ring_length(t60_s: Wave, longest_s: float) -> int:
    """Samples until the slowest mode is 60 dB down, at most ``longest_s``."""
    return count_of(min(float(t60_s.max(initial=0.02)), longest_s))
