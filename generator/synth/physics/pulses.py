"""Periodic pulses without aliasing: the source of voices and engines."""

import numpy as np

from foley_designer.generator.synth.physics.signals import Wave


def pulse_train(cycles: Wave, rate_hz: float, corner_hz: float) -> Wave:
    """One pulse a cycle, as sharp as its corner says.

    A pulse exp(k·(cos φ - 1)) has harmonics that fall like a Gaussian, exp(-n²/2k), so the highest
    frequency is chosen and nothing folds back. Three of them, an octave apart and each 6 dB lower,
    make the -12 dB an octave of a glottis or an exhaust valve.

    Args:
        cycles: phase in cycles, one value a sample.
        rate_hz: typical cycles a second.
        corner_hz: where the fall begins.
    """
    turn = np.cos(2 * np.pi * cycles) - 1.0
    out = np.zeros_like(turn)
    for octave in range(3):
        top = min(corner_hz * 2.0**octave, 8000.0)
        out += 0.5**octave * np.exp(0.5 * (top / rate_hz) ** 2 * turn)
    return out
