"""The moment of touch: force pulses, and a struck body as click, ring and bed.

The pulse follows Hertz's law of elastic contact: it shortens with hardness and, slightly, with
speed (τ ∝ v^-1/5; W. Goldsmith, *Impact*, 1960, ch. 4), which is why a harder blow is brighter.
F. Avanzini and D. Rocchesso, *Modeling Collision Sounds* (DAFx 2001), use the same law.
"""

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.modal import Body, at_position, ring, ring_length
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    bandpass,
    burst,
    count_of,
    decay,
    mix_at,
    noise,
)


def contact_s(hardness: float, strength: float, mass: float = 0.5) -> float:
    """Duration of the force pulse: 10 ms for flesh to 0.07 ms for steel on steel.

    Args:
        hardness: of the softer partner, 0 to 1.
        strength: of the blow, 0 to 1.
        mass: of the striker, 0 to 1; heavier stays longer (τ ∝ m^2/5).
    """
    speed = 0.1 + 0.9 * strength
    base = 12e-3 * 0.005**hardness
    return float(base * speed**-0.3 * 4.0 ** (mass - 0.5))


def brightness(frequencies: Wave, duration_s: float) -> Wave:
    """Magnitude of a Hertzian pulse's spectrum, without the zeros that no real pulse has."""
    weights: Wave = 1.0 / (1.0 + (1.3 * frequencies * duration_s) ** 2.5)
    return weights


def pulse(duration_s: float) -> Wave:
    """A force pulse, sin^1.5 over its duration, and the recoil that makes its mean zero."""
    count = max(3, count_of(duration_s))
    force = np.sin(np.pi * np.arange(1, count + 1) / (count + 1)) ** 1.5
    recoil = np.sin(np.pi * np.arange(1, 3 * count + 1) / (3 * count + 1)) ** 1.5
    return np.concatenate([force, -recoil * force.sum() / recoil.sum()])


def click(
    rng: np.random.Generator,
    duration_s: float,
    low_hz: float,
    high_hz: float,
    linger_s: float = 0.002,
) -> Wave:
    """The noise of two rough surfaces meeting: a burst that is there from its first sample.

    ``linger_s`` is how long their densest, highest modes take to fall, beyond the contact itself.
    """
    life = 2.5 * duration_s + linger_s
    count = count_of(min(1.3 * life, 0.08))
    rough = bandpass(noise(rng, count), low_hz, high_hz)
    return rough * burst(count, 0.0002, life)


def thump(
    rng: np.random.Generator, hz: float, t60_s: float, soft_s: float = 0.004, drop: float = 0.25
) -> Wave:
    """What a floor, a table or a body gives below: a few damped low modes that sink in pitch."""
    count = count_of(1.2 * t60_s + 0.01)
    t = np.arange(1, count + 1) / SAMPLE_RATE
    wave = np.zeros(count)
    for ratio, level in ((1.0, 0.8), (1.62, 1.0), (2.41, 0.6), (3.9, 0.35)):
        f = hz * ratio * rng.uniform(0.9, 1.12)
        phase = 2 * np.pi * f * (t + drop * 0.03 * (1 - np.exp(-t / 0.03)))
        life = t60_s / np.sqrt(ratio) * rng.uniform(0.8, 1.25)
        wave += level * rng.uniform(0.6, 1.3) * np.sin(phase) * np.exp(-6.9 * t / life)
    return wave * attack(count, soft_s)


_BAND_OCTAVES = 0.5


def dense_ring(
    rng: np.random.Generator, body: Body, duration_s: float, longest_s: float = 1.5
) -> Wave:
    """The modes of a body that lie too dense to be heard singly: noise that falls band by band.

    A plate of area S and thickness h has √3·S/(h·c) modes a hertz (c: speed in its material), a
    few hundred for a tray; where they overlap, the decaying field is Gaussian (M. R. Schroeder,
    *Statistical Parameters of the Frequency Response Curves of Large Rooms*, 1954, holds for
    plates too). Each half octave falls at its own rate, that of the body's modes near it.
    """
    order = np.argsort(body.frequencies)
    count = ring_length(0.7 * body.t60_s, longest_s)
    white = noise(rng, count)
    out = np.zeros(count)
    low = max(60.0, 0.8 * float(body.frequencies[order[0]]))
    while low < 17_000:
        high = low * 2.0**_BAND_OCTAVES
        middle = float(np.sqrt(low * high))
        t60 = float(np.interp(middle, body.frequencies[order], body.t60_s[order]))
        beyond = middle / float(body.frequencies[order[-1]])
        t60 *= 0.7 / max(beyond, 1.0)
        weight = float(brightness(np.array([middle]), duration_s)[0]) * (middle / 1000.0) ** 0.15
        weight /= np.sqrt(1.0 + (200.0 / middle) ** 2)
        part = bandpass(white, low, high) / np.sqrt(high - low)
        out += weight * float(np.exp(rng.normal(0, 0.3))) * part * decay(count, max(t60, 0.015))
        low = high
    return out * attack(count, min(0.35 * duration_s, 0.003))


def strike(
    rng: np.random.Generator,
    body: Body,
    duration_s: float,
    *,
    place: tuple[float, float] = (0.37, 0.43),
    spread: float = 0.12,
    grain: float = 0.2,
    dense: float = 0.0,
    longest_s: float = 3.0,
) -> Wave:
    """One blow on a body: its modes as the pulse and the place excite them, and the click.

    Args:
        rng: no two blows share place, angle and contact.
        body: what is struck.
        duration_s: of the force pulse.
        place: where it is struck, 0 to 1 along each axis.
        spread: how far the place wanders from blow to blow.
        grain: level of the contact noise against the ring.
        dense: level of the modes that are too many to count, against those that are drawn.
        longest_s: where to cut the tail.

    Returns:
        Samples from the first of the attack, peak around one.
    """
    x, y = np.clip(rng.normal(place, spread), 0.04, 0.96)
    duration_s *= float(np.exp(rng.normal(0, 0.15)))
    levels = at_position(body, x, y) * brightness(body.frequencies, duration_s)
    levels *= np.exp(rng.normal(0, 0.35, levels.size))
    levels /= max(float(np.sqrt(np.sum(levels**2))), 1e-9)
    frequencies = body.frequencies * rng.normal(1.0, 0.003, levels.size)
    wave = ring(frequencies, body.t60_s, levels, ring_length(body.t60_s, longest_s))
    wave *= attack(wave.size, min(0.35 * duration_s, 0.003))
    top = min(0.8 / duration_s, 16_000)
    touch = click(rng, duration_s, min(250.0, 0.1 * top), top, 0.002 + 0.03 * grain)
    mix_at(wave, touch, 0, grain * 2.2 / max(float(np.abs(touch).max()), 1e-9))
    if dense > 0:
        many = dense_ring(rng, body, duration_s, longest_s)
        mix_at(wave, many, 0, dense * 2.2 / max(float(np.abs(many).max()), 1e-9))
    return wave
