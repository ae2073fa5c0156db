"""A weapon in the hands: what its action does, one movement at a time.

A slide or bolt is three sounds: it lets go, it runs along its rails, it stops against steel; then
its spring drives it home. A magazine slides in and is caught; a safety snaps between two notches.
"""

import numpy as np

from foley_designer.generator.synth.physics.contact import strike, thump
from foley_designer.generator.synth.physics.modal import Body
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    count_of,
    mix_at,
    noise,
    unit_peak,
)

_MOVES: tuple[tuple[tuple[float, str, float], ...], ...] = (
    ((0.0, "click", 0.5), (0.03, "slide", 0.4), (0.13, "stop", 0.9), (0.27, "slide", 0.3),
     (0.33, "stop", 1.0)),
    ((0.0, "slide", 0.35), (0.11, "stop", 0.8), (0.125, "click", 0.5)),
    ((0.0, "click", 0.8), (0.055, "click", 0.5)),
)  # fmt: skip
"""Seconds, what happens, level: the slide racked, a magazine, a safety."""


def handled(rng: np.random.Generator, parts: list[Body], strength: float) -> Wave:
    """One movement; hard ones rack the slide."""
    shares = np.array([0.2 + 0.6 * strength, 0.4, 0.6 - 0.4 * strength])
    moves = _MOVES[int(rng.choice(len(_MOVES), p=shares / shares.sum()))]
    out = np.zeros(count_of(0.75))
    pace = rng.uniform(0.85, 1.3)
    for delay, kind, level in moves:
        at = count_of(delay * pace) if delay else 0
        mix_at(out, _sound(rng, parts, kind), at, level * rng.uniform(0.8, 1.2))
    return out


def _sound(rng: np.random.Generator, parts: list[Body], kind: str) -> Wave:
    body = parts[int(rng.integers(len(parts)))]
    if kind == "slide":  # steel on oiled steel
        count = count_of(rng.uniform(0.06, 0.1))
        return unit_peak(bandpass(noise(rng, count), 1500, 7000) * arch(count, 0.7, 0.8))
    hit = strike(rng, body, 0.00025, spread=0.2, grain=0.6, longest_s=0.2)
    out = unit_peak(hit) * (1.0 if kind == "stop" else 0.6)
    if kind == "stop":
        out = np.pad(out, (0, max(0, count_of(0.06) - out.size)))
        mix_at(out, unit_peak(thump(rng, 330.0, 0.05, 0.0006)), 0, 0.5)
    return out
