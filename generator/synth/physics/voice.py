"""Voices: a source with a contour, formants, breath. The source-filter theory of G. Fant (1960).

For animals see A. M. Taylor and D. Reby, *The Contribution of Source-Filter Theory to Mammal
Vocal Communication Research* (J. Zool. 280, 2010); birds: N. H. Fletcher (1992), *Acoustic
Systems in Biology*, ch. 14: nearly pure whistles, or a buzzing syrinx through the trachea.
"""

from typing import NamedTuple

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.pulses import pulse_train
from foley_designer.generator.synth.physics.signals import (
    Wave,
    bandpass,
    count_of,
    drift,
    highpass,
    noise,
    unit_rms,
)

_LEAK = 0.07
"""What passes between the resonances of throat and mouth."""


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
    """Level of the air that rushes through the throat against the voice."""
    rough: float = 0.03
    """Irregularity of the periods."""
    sub: float = 0.0
    """Every second period weaker: hoarse voices."""
    trill_hz: float = 0.0
    trill: float = 0.0
    """Depth of the trill, relative pitch."""
    gap_s: float = 0.0
    """Silence after it."""
    mouth: tuple[float, ...] = (1.0,)
    """Contour at even steps: factor on all formants, above 1 as the mouth opens."""
    hiss: float = 0.0
    """Level of the air stream's own noise at teeth and lips against the voice."""
    hiss_hz: tuple[float, float] = (2500.0, 9000.0)
    chaos: tuple[float, ...] = (0.0,)
    """Contour at even steps: how far single periods differ in length and strength. Screams and
    barks are rough throughout, many calls only where they are pressed."""
    voice: float = 1.0
    """Level of the folds' own sound; 0 is breath alone."""


class Throat(NamedTuple):
    """What tells one speaker from another: factors on what a syllable says."""

    pitch: float = 1.0
    tract: float = 1.0
    """On all formants: above 1 for a short vocal tract."""
    bright: float = 1.0
    """On where the source's spectrum begins to fall: above 1 for a pressed voice."""


_USUAL = Throat()


def speak(rng: np.random.Generator, syllable: Syllable, throat: Throat = _USUAL) -> Wave:
    """One syllable from its first sample.

    Args:
        rng: makes every utterance differ.
        syllable: what to say.
        throat: whose.
    """
    seconds = syllable.seconds * float(np.exp(rng.normal(0, 0.09)))
    count = count_of(seconds)
    place = np.linspace(0, 1, count)
    source, pitch = _source(rng, syllable, place, throat)
    # The glottis lets air through in the rhythm of its pulses, so breath is rough where voice is.
    air = unit_rms(noise(rng, count) * (0.4 + syllable.voice * np.clip(source, 0.0, 4.0)))
    excited = syllable.voice * source + syllable.breath * unit_rms(
        highpass(air, 0.8 * float(pitch.mean()), 1)
    )
    wave = unit_rms(_mouthed(rng, excited, syllable, place, throat.tract))
    if syllable.hiss > 0:
        low, high = (min(hz * throat.tract**0.5, 20_000.0) for hz in syllable.hiss_hz)
        wave = wave + syllable.hiss * unit_rms(bandpass(noise(rng, count), low, high))
    # A mouth is small against long waves and radiates none of them.
    wave = highpass(wave, 0.6 * float(pitch.min()), 2)
    return wave * _loudness(syllable, place) * np.exp(0.14 * drift(rng, count, 11.0))


def _loudness(syllable: Syllable, place: Wave) -> Wave:
    count = place.size
    knots = np.linspace(0, 1, len(syllable.level))
    level = np.interp(place, knots, syllable.level)
    rise = min(count_of(0.004), count)
    level[:rise] = np.maximum(level[:rise], 0.35 * max(syllable.level))
    level[:rise] *= np.sin(0.5 * np.pi * np.arange(1, rise + 1) / rise)
    fall = min(count_of(0.015), count)
    level[-fall:] *= np.cos(0.5 * np.pi * np.arange(fall) / fall)
    return level


def _source(
    rng: np.random.Generator, syllable: Syllable, place: Wave, throat: Throat
) -> tuple[Wave, Wave]:
    """Pulses exp(k·(cos φ - 1)), free of aliasing, and the pitch that they follow."""
    count = place.size
    bent = np.array(syllable.pitch_hz) * np.exp(rng.normal(0, 0.03, len(syllable.pitch_hz)))
    pitch = np.interp(place, np.linspace(0, 1, bent.size), bent) * throat.pitch
    pitch *= float(np.exp(rng.normal(0, 0.05)))
    pitch *= (
        1 + syllable.rough * drift(rng, count, 60.0) + 0.5 * syllable.rough * drift(rng, count, 9.0)
    )
    if syllable.trill > 0:
        rate = syllable.trill_hz * rng.uniform(0.93, 1.07)
        pitch *= 1 + syllable.trill * np.sin(2 * np.pi * rate * place * count / SAMPLE_RATE)
    phase = np.cumsum(pitch) / SAMPLE_RATE - 0.0018 * pitch[0]
    cycles = int(phase[-1]) + 3
    chaos = np.interp(
        np.linspace(0, 1, cycles), np.linspace(0, 1, len(syllable.chaos)), syllable.chaos
    )
    if chaos.any():
        early = np.cumsum(rng.normal(0, 0.3 * chaos))
        phase = phase + np.interp(phase, np.arange(cycles), early)
    pulse = pulse_train(phase, float(pitch.mean()), syllable.buzz_hz * throat.bright)
    if chaos.any():
        each = np.exp(rng.normal(0, chaos))
        pulse *= np.interp(phase, np.arange(cycles), each)
    if syllable.sub > 0:
        pulse *= 1 - syllable.sub * (0.5 + 0.5 * np.cos(np.pi * phase))
    pulse -= pulse.mean()
    return unit_rms(pulse), pitch


def _mouthed(
    rng: np.random.Generator, source: Wave, syllable: Syllable, place: Wave, scale: float
) -> Wave:
    """The source through a mouth that moves: filtered at a few openings, faded from one to next."""
    if not syllable.formants:
        return source
    tuned = np.exp(rng.normal(0, 0.03, len(syllable.formants)))
    openings = syllable.mouth
    if len(openings) == 1:
        return _formants(source, syllable, scale * openings[0] * tuned)
    at = place * (len(openings) - 1)
    out = np.zeros_like(source)
    for index, opening in enumerate(openings):
        share = np.clip(1.0 - np.abs(at - index), 0.0, 1.0)
        out += share * _formants(source, syllable, scale * opening * tuned)
    return out


def _formants(source: Wave, syllable: Syllable, scales: Wave) -> Wave:
    """Parallel resonances of throat and mouth."""
    out = _LEAK * source
    for (hz, width, level), scale in zip(syllable.formants, scales, strict=True):
        radius = np.exp(-np.pi * width * scale / SAMPLE_RATE)
        angle = 2 * np.pi * min(hz * scale, 20_000.0) / SAMPLE_RATE
        poles = [1.0, -2 * radius * np.cos(angle), radius**2]
        out = out + level * unit_rms(scipy.signal.lfilter([1.0, 0.0, -1.0], poles, source))
    return out
