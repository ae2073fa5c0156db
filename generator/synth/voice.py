"""Voices: a source with a contour, formants, breath. The source-filter theory of G. Fant (1960).

For animals see A. M. Taylor and D. Reby, *The Contribution of Source-Filter Theory to Mammal
Vocal Communication Research* (J. Zool. 280, 2010); birds: N. H. Fletcher (1992), *Acoustic
Systems in Biology*, ch. 14: nearly pure whistles, or a buzzing syrinx through the trachea.
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.pulses import pulse_train
from foley_designer.generator.synth.signals import (
    Wave,
    bandpass,
    count_of,
    drift,
    lowpass,
    noise,
    unit_rms,
)


class Syllable(NamedTuple):
    """One breath group."""

    seconds: float
    pitch_hz: tuple[float, ...]
    """Contour at even steps."""
    level: tuple[float, ...]
    """Contour at even steps; it starts sounding at once whatever the first value."""
    formants: tuple[tuple[float, float, float], ...] = ()
    """Frequency in Hz, bandwidth in Hz, level."""
    buzz_hz: float = 900.0
    """Where the source's spectrum begins to fall; below the pitch it is nearly a sine."""
    breath: float = 0.1
    rough: float = 0.03
    """Irregularity of the periods."""
    sub: float = 0.0
    """Every second period weaker: hoarse voices."""
    trill_hz: float = 0.0
    trill: float = 0.0
    """Depth of the trill, relative pitch."""
    gap_s: float = 0.0
    """Silence after it."""


def speak(rng: np.random.Generator, syllable: Syllable, scale: float = 1.0) -> Wave:
    """One syllable from its first sample.

    Args:
        rng: makes every utterance differ.
        syllable: what to say.
        scale: pitch and formants together, as a smaller animal has both higher.
    """
    seconds = syllable.seconds * float(np.exp(rng.normal(0, 0.09)))
    count = count_of(seconds)
    place = np.linspace(0, 1, count)
    source, pitch = _source(rng, syllable, place, scale)
    voiced = source if not syllable.formants else _formants(rng, source, syllable, scale)
    air = lowpass(bandpass(noise(rng, count), 0.8 * float(pitch.mean()), 3500.0), 5000.0)
    wave = unit_rms(voiced) + syllable.breath * unit_rms(air) * (0.4 + np.abs(source))
    return wave * _loudness(syllable, place)


def _loudness(syllable: Syllable, place: Wave) -> Wave:
    count = place.size
    knots = np.linspace(0, 1, len(syllable.level))
    level = np.interp(place, knots, syllable.level)
    rise = min(count_of(0.002), count)
    level[:rise] = np.maximum(level[:rise], 0.45 * max(syllable.level))
    level[:rise] *= np.sin(0.5 * np.pi * np.arange(1, rise + 1) / rise)
    fall = min(count_of(0.015), count)
    level[-fall:] *= np.cos(0.5 * np.pi * np.arange(fall) / fall)
    return level


def _source(
    rng: np.random.Generator, syllable: Syllable, place: Wave, scale: float
) -> tuple[Wave, Wave]:
    """Pulses exp(k·(cos φ - 1)), free of aliasing, and the pitch that they follow."""
    count = place.size
    bent = np.array(syllable.pitch_hz) * np.exp(rng.normal(0, 0.03, len(syllable.pitch_hz)))
    pitch = np.interp(place, np.linspace(0, 1, bent.size), bent) * scale
    pitch *= float(np.exp(rng.normal(0, 0.05)))
    pitch *= (
        1 + syllable.rough * drift(rng, count, 60.0) + 0.5 * syllable.rough * drift(rng, count, 9.0)
    )
    if syllable.trill > 0:
        rate = syllable.trill_hz * rng.uniform(0.93, 1.07)
        pitch *= 1 + syllable.trill * np.sin(2 * np.pi * rate * place * count / SAMPLE_RATE)
    phase = np.cumsum(pitch) / SAMPLE_RATE - 0.0018 * pitch[0]
    pulse = pulse_train(phase, float(pitch.mean()), syllable.buzz_hz * scale)
    if syllable.sub > 0:
        pulse *= 1 - syllable.sub * (0.5 + 0.5 * np.cos(np.pi * phase))
    pulse -= pulse.mean()
    return unit_rms(pulse), pitch


def _formants(rng: np.random.Generator, source: Wave, syllable: Syllable, scale: float) -> Wave:
    """Parallel resonances of throat and mouth."""
    out = 0.12 * source
    for hz, width, level in syllable.formants:
        centre = min(hz * scale * float(np.exp(rng.normal(0, 0.03))), 20_000.0)
        radius = np.exp(-np.pi * width / SAMPLE_RATE)
        angle = 2 * np.pi * centre / SAMPLE_RATE
        poles = [1.0, -2 * radius * np.cos(angle), radius**2]
        out = out + level * unit_rms(lfilter([1.0, 0.0, -1.0], poles, source))
    return out
