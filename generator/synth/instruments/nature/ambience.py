"""Places: what is heard when nothing happens. Independent in each channel, never the same twice.

Nothing here loops: layers are painted noise under slow chance, and single sounds at random times,
after R. Murray Schafer's keynote sounds and signals (*The Tuning of the World*, 1977).
"""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.animals.birdsong import birdsong
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained, around
from foley_designer.generator.synth.instruments.nature.flow import sea
from foley_designer.generator.synth.instruments.nature.wind import Wind
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    bandpass,
    count_of,
    decay,
    drift,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.physics.spectral import bell, paint, rise, slope
from foley_designer.generator.synth.physics.voice import Syllable, speak
from foley_designer.generator.synth.play import Play
from foley_designer.generator.synth.words import Words

TREES = 12
"""Winds that blow at a place without each other: half-second levels then differ by 3 dB from one
to the next in less than 1 of 100 (8 to 12 of 100 for one wind)."""

STEP = 480
"""Samples between two values of it."""

Layer = Callable[[np.random.Generator, Stretch, Play], Wave]


def _air(rng: np.random.Generator, stretch: Stretch, corner_hz: float, order: float) -> Wave:
    """Steady air of a place: low noise that breathes."""

    def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
        breath = np.exp(0.12 * drift(rng, frames, 0.3, hop))[:, None]
        low = slope(frequencies, corner_hz * breath, order)
        return (low + 0.002 * bell(frequencies, 2000.0, 1.5)) * rise(frequencies, 35.0, 1.0)

    return unit_rms(paint(rng, stretch.channels, stretch.count, colour, 2048))


def _hum(rng: np.random.Generator, stretch: Stretch, base_hz: float) -> Wave:
    """Mains and motors: harmonics whose levels and phases wander, the same in each channel."""
    out = np.zeros(stretch.count)
    for harmonic, level in ((1, 1.0), (2, 0.9), (3, 0.35), (4, 0.4), (6, 0.2)):
        out += _wandering(rng, stretch.count, base_hz * harmonic, level)
    return np.repeat(unit_rms(out)[None], stretch.channels, axis=0)


def _wandering(rng: np.random.Generator, count: int, hz: float, level: float) -> Wave:
    """A sine whose pitch and level wander; in place, since a bed is long."""
    wave = drift(rng, count, 0.7)
    wave *= 0.004
    wave += 1.0
    wave *= hz
    np.cumsum(wave, out=wave)
    wave *= 2 * np.pi
    wave /= SAMPLE_RATE
    np.sin(wave, out=wave)
    gain = drift(rng, count, 0.3)
    gain *= 0.3
    gain += 1.0
    np.clip(gain, 0, 2, out=gain)
    gain *= level
    wave *= gain
    return wave


def _room(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    return _air(rng, stretch, 130 - 60 * play.size, 1.7) + 0.14 * _hum(rng, stretch, 100.0)


def _hall(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    far = _single_sounds(rng, stretch, 0.12, _distant_knock)
    return _air(rng, stretch, 110 - 30 * play.size, 1.5) + 0.5 * far


def _machine_room(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    fan = _air(rng, stretch, 300, 1.6)
    return fan + 0.9 * _hum(rng, stretch, 58.0 * 2.0 ** (0.5 - play.size))


class _WindAround(Wind):
    """Wind in all that grows at a place: a gust reaches one tree now and another one later.

    So the whole moves less than one tree does: a bed that jumps by 5 dB is heard as a cut.
    """

    def speed(self, rng: np.random.Generator, stretch: Stretch) -> Wave:
        """The mean speed of `TREES` gusty winds."""
        count = stretch.count // STEP + 2
        blown = np.mean([self.speeds(rng, stretch, count, STEP) for _ in range(TREES)], axis=0)
        return np.interp(np.arange(stretch.count), np.arange(count) * STEP, blown)


def _breeze(rng: np.random.Generator, stretch: Stretch, play: Play, surface: str) -> Wave:
    told = play._replace(variant="breeze", surface=surface, force=0.5)
    return unit_rms(_WindAround(told, rng).span(stretch, rng))


def _forest(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    song = birdsong(rng, stretch.channels, stretch.count, 0.8 + 1.6 * play.speed)
    return _breeze(rng, stretch, play, "leaves") + 3.0 * song


def _birds(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    song = birdsong(rng, stretch.channels, stretch.count, 1.2 + 2.0 * play.speed)
    return _air(rng, stretch, 180, 1.5) + 3.5 * song


def _field(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    song = birdsong(rng, stretch.channels, stretch.count, 0.18)
    return _breeze(rng, stretch, play, "grass") + 0.10 * _crickets(rng, stretch, 5) + 0.9 * song


def _night(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    return 0.45 * _breeze(rng, stretch, play, "grass") + _crickets(rng, stretch, 9)


def _crickets(rng: np.random.Generator, stretch: Stretch, singers: int) -> Wave:
    """Each rubs its wings in its own rhythm, rests, and starts again."""
    out = np.zeros((stretch.channels, stretch.count))
    t = np.arange(stretch.count) / SAMPLE_RATE
    for _ in range(singers):
        hz = rng.uniform(3900, 5400) * (1 + 0.0015 * drift(rng, stretch.count, 5.0))
        chirps = rng.uniform(1.4, 3.4) * (1 + 0.12 * drift(rng, stretch.count, 0.8))
        chirp = np.cumsum(chirps) / SAMPLE_RATE % 1.0
        pulses = 0.5 - 0.5 * np.cos(2 * np.pi * rng.uniform(26, 42) * t)
        song = np.clip(drift(rng, stretch.count, 0.12) + 0.6, 0, 1) * (chirp < 0.4) * pulses
        wave = song * np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE)
        mix_at(out, around(wave, rng, stretch.channels), 0, rng.uniform(0.2, 1.0))
    return unit_rms(bandpass(out, 2500, 9000))


def _traffic(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    """A wash of many, and single cars that come and go."""
    wash = _air(rng, stretch, 260, 1.6)
    cars = _single_sounds(rng, stretch, 0.12 + 0.35 * play.speed, _passing_car)
    return 0.8 * wash + 1.1 * cars


def _city(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    wash = _air(rng, stretch, 220, 1.5)
    cars = _single_sounds(rng, stretch, 0.08 + 0.14 * play.speed, _passing_car)
    horns = _single_sounds(rng, stretch, 0.05, _distant_horn)
    steps = _single_sounds(rng, stretch, 0.25, _distant_knock)
    return wash + 0.6 * cars + 0.25 * horns + 0.12 * steps + 0.3 * _babble(rng, stretch, 3)


def _crowd(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    far = 0.35 * _air(rng, stretch, 400, 1.5)
    return far + _babble(rng, stretch, 8 + int(18 * play.size))


def _sea(rng: np.random.Generator, stretch: Stretch, play: Play) -> Wave:
    return sea(rng, stretch, play.size, 0.5 * play.speed)


def _single_sounds(
    rng: np.random.Generator,
    stretch: Stretch,
    rate_hz: float,
    make: Callable[[np.random.Generator], Wave],
) -> Wave:
    """Sounds at random times and places; the rate leaves some stretches without any."""
    out = np.zeros((stretch.channels, stretch.count))
    at = rng.uniform(-4.0, 1.0 / rate_hz)
    while at * SAMPLE_RATE < stretch.count:
        wave = make(rng)
        skip = max(0, -int(at * SAMPLE_RATE))
        mix_at(out, around(wave[skip:], rng, stretch.channels), max(0, int(at * SAMPLE_RATE)))
        at += rng.exponential(1.0 / rate_hz)
    return out


def _passing_car(rng: np.random.Generator) -> Wave:
    count = count_of(rng.uniform(4.0, 9.0))
    swell = arch(count, rng.uniform(0.4, 0.6), 3.0) * rng.uniform(0.3, 1.0)
    centre = rng.uniform(380, 900)

    def colour(frequencies: Wave, frames: int, hop: int) -> Wave:
        level = swell[np.minimum(np.arange(frames) * hop, count - 1)][:, None]
        return (
            bell(frequencies, centre * (0.7 + 0.5 * level), 0.9) + slope(frequencies, 110, 1.2)
        ) * level

    car: Wave = 3.0 * paint(rng, 1, count, colour)[0]
    return car


def _distant_horn(rng: np.random.Generator) -> Wave:
    hz = rng.uniform(330, 480)
    mouth = ((700.0, 300.0, 1.0), (1300.0, 400.0, 0.5))
    horn = Syllable(rng.uniform(0.15, 0.6), (hz, hz), (0.9, 1.0, 0.9), mouth, 1200.0, 0.01, 0.001)
    return bandpass(unit_peak(speak(rng, horn)), 250, 1500)


def _distant_knock(rng: np.random.Generator) -> Wave:
    count = count_of(1.4)
    hit = bandpass(noise(rng, count), rng.uniform(120, 300), rng.uniform(700, 1600))
    return unit_peak(hit * attack(count, 0.012) * decay(count, rng.uniform(0.5, 1.4)))


_VOWELS = ((730, 1090), (530, 1840), (390, 1990), (570, 840), (440, 1020), (660, 1720))
"""First and second formants (G. E. Peterson and H. L. Barney, JASA 24(2), 1952)."""


def _babble(rng: np.random.Generator, stretch: Stretch, voices: int) -> Wave:
    """Voices without words: each has a dozen syllables and puts them into phrases."""
    out = np.zeros((stretch.channels, stretch.count))
    for _ in range(voices):
        syllables = _syllables(rng, 12)
        speech, at = np.zeros(stretch.count), rng.uniform(-2.0, 3.0)
        while at * SAMPLE_RATE < stretch.count:
            wave = syllables[int(rng.integers(len(syllables)))]
            mix_at(speech, wave, max(0, int(at * SAMPLE_RATE)), rng.uniform(0.5, 1.0))
            pause = rng.uniform(0.4, 2.5) if rng.uniform() < 0.13 else 0.02
            at += wave.size / SAMPLE_RATE + pause
        mix_at(out, around(speech, rng, stretch.channels), 0, rng.uniform(0.2, 1.0))
    return unit_rms(bandpass(out, 180, 3800))


def _syllables(rng: np.random.Generator, count: int) -> list[Wave]:
    """What one person's voice can say."""
    pitch = float(rng.choice([rng.uniform(95, 150), rng.uniform(170, 250)]))
    waves = []
    for _ in range(count):
        low, high = _VOWELS[int(rng.integers(len(_VOWELS)))]
        bend = tuple(float(hz) for hz in pitch * np.exp(rng.normal(0, 0.12, 3)))
        mouth = ((low, 90.0, 1.0), (high, 140.0, 0.5), (2700.0, 220.0, 0.15))
        syllable = Syllable(
            rng.uniform(0.09, 0.24), bend, (0.6, 1.0, 0.4), mouth, 700.0, 0.08, 0.02
        )
        waves.append(unit_rms(speak(rng, syllable)))
    return waves


_PLACES: dict[str, Layer] = {
    "room": _room,
    "hall": _hall,
    "forest": _forest,
    "birds": _birds,
    "field": _field,
    "night": _night,
    "city": _city,
    "traffic": _traffic,
    "sea": _sea,
    "crowd": _crowd,
    "machine_room": _machine_room,
}


class Ambience(Sustained):
    """One place."""

    words: ClassVar[Words] = Words(variants=tuple(_PLACES), surfaces=("plain",), materials=("air",))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """The place for a moment, from a clear start."""
        count = count_of(1.5)
        wave: Wave = self.span(Stretch(count, stroke.strength), rng)[0]
        return wave * attack(count, 0.003) * decay(count, 1.4)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """The place."""
        return _PLACES[self.play.variant](rng, stretch, self.play)
