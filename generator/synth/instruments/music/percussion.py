"""What musicians strike and pluck: drums, mallets, piano, strings.

Mode ratios from N. H. Fletcher and T. D. Rossing, *The Physics of Musical Instruments* (2nd ed.,
1998): membranes ch. 3, tuned bars ch. 19, stiff strings ch. 12. Pitches are drawn from a scale, so
that a phrase is one: the notes are not the script's.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.modal import ring
from foley_designer.generator.synth.physics.signals import (
    LN_1000,
    Wave,
    attack,
    bandpass,
    burst,
    count_of,
    highpass,
    mix_at,
    noise,
    times,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

_MEMBRANE = np.array([1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.600, 4.060])
_MARIMBA = np.array([1.0, 3.93, 9.22, 16.3])
_SCALE = np.array([0, 2, 4, 7, 9, 12, 14, 16])
"""A major pentatonic, semitones."""
_CYMBAL = Bands(
    (-60, -45, -34, -24, -14, -9, -4, 0, -2),
    (0.3, 0.5, 0.7, 0.9, 1.1, 1.2, 1.2, 1.0, 0.8),
    rise_s=0.002,
)
_HAT = _CYMBAL._replace(rise_s=0.0005).lasting(0.12)


class _Skin(NamedTuple):
    """A drum."""

    hz: float
    t60_s: float
    drop: float
    """How far the pitch falls after the blow, relative."""
    slap_hz: tuple[float, float]
    slap: float
    slap_s: float
    wires: float = 0.0
    """Level of a snare's wires."""


_SKINS: dict[str, _Skin] = {
    "kick": _Skin(58, 0.38, 1.1, (900, 4200), 0.30, 0.015),
    "snare": _Skin(185, 0.20, 0.15, (900, 6500), 0.7, 0.04, wires=1.0),
    "tom": _Skin(110, 0.45, 0.3, (700, 3500), 0.35, 0.02),
    "open": _Skin(210, 0.42, 0.06, (500, 2600), 0.45, 0.02),
    "slap": _Skin(330, 0.10, 0.04, (900, 5500), 1.3, 0.03),
    "bass": _Skin(95, 0.40, 0.10, (300, 1200), 0.3, 0.03),
}
_PATTERNS: dict[str, tuple[str, ...]] = {
    "drum_kit": ("kick", "hat", "snare", "hat", "kick", "hat", "snare", "tom"),
    "hand_drum": ("open", "slap", "open", "open", "bass", "slap", "open", "slap"),
}


class Percussion(Rhythmic):
    """One player; hits go round a pattern, or along a tune."""

    words: ClassVar[Words] = Words(
        variants=("drum_kit", "hand_drum", "mallets", "piano", "plucked"),
        surfaces=("plain",),
        materials=("wood", "steel"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Size decides the pitch; the tune is drawn."""
        self.pitch = 2.0 ** (1.2 * (0.5 - self.play.size)) * float(np.exp(rng.normal(0, 0.05)))
        self.tune = rng.choice(_SCALE, 24)
        self.colour = rng.normal(0, 1, 8)

    @property
    def interval_s(self) -> float:
        """Eighths at 70 to 160 a minute."""
        return 60.0 / (140.0 + 180.0 * self.play.speed)

    @property
    def unevenness(self) -> float:
        """A player keeps time."""
        return 0.02

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One stroke or note."""
        variant = self.play.variant
        if variant in _PATTERNS:
            drum = _PATTERNS[variant][stroke.index % 8]
            return self._drum(drum, stroke, rng)
        semitones = float(self.tune[stroke.index % self.tune.size])
        base = {"mallets": 392.0, "piano": 220.0, "plucked": 147.0}[variant]
        hz = base * self.pitch * 2.0 ** (semitones / 12.0)
        if variant == "mallets":
            return self._bar(hz, rng)
        return self._string(hz, stroke, rng, hammered=variant == "piano")

    def _drum(self, drum: str, stroke: Stroke, rng: np.random.Generator) -> Wave:
        if drum == "hat":
            closed = blow(rng, _HAT.tilted(0.5 * rng.normal()))
            return unit_peak(highpass(closed, 3000.0))
        skin = _SKINS[drum]
        count = count_of(skin.t60_s + 0.15)
        hz = skin.hz * self.pitch * (1.0 + 0.04 * stroke.strength) * rng.normal(1.0, 0.015)
        t = times(count)
        sink = 1.0 + skin.drop * np.exp(-t / 0.035)
        levels = np.exp(rng.normal(0, 0.6, _MEMBRANE.size)) / (1.0 + 0.55 * np.arange(10))
        lives = skin.t60_s / (1.0 + 0.35 * (_MEMBRANE - 1.0))
        phase = 2 * np.pi * hz * np.cumsum(sink) / SAMPLE_RATE
        out = np.zeros(count)
        for ratio, level, life in zip(_MEMBRANE, levels, lives, strict=True):
            out += level * np.sin(ratio * phase) * np.exp(-LN_1000 * t / life)
        out = unit_peak(out * attack(count, 0.001))
        stick = bandpass(noise(rng, count), *skin.slap_hz) * burst(count, 0.0003, skin.slap_s * 3)
        mix_at(out, unit_peak(stick), 0, skin.slap * (0.5 + 0.5 * stroke.strength))
        if skin.wires > 0:
            wires = bandpass(noise(rng, count), 1400, 9500) * burst(count, 0.002, 0.22)
            mix_at(out, unit_peak(wires), 0, skin.wires)
        if drum == "kick" and stroke.index % 16 == 0 and stroke.strength > 0.7:
            crash = unit_peak(blow(rng, _CYMBAL, 2.0))
            out = np.pad(out, (0, max(0, crash.size - out.size)))
            mix_at(out, crash, 0, 0.4)
        return out

    def _bar(self, hz: float, rng: np.random.Generator) -> Wave:
        """A wooden bar over its resonator."""
        lives = np.array([0.9, 0.25, 0.09, 0.05]) * (300.0 / hz) ** 0.3
        levels = np.array([1.0, 0.3, 0.12, 0.05]) * np.exp(rng.normal(0, 0.2, 4))
        wave = ring(hz * _MARIMBA, lives, levels, count_of(1.1))
        tap = bandpass(noise(rng, count_of(0.03)), 500, 3000) * burst(count_of(0.03), 0.0005, 0.02)
        mix_at(wave, unit_peak(tap), 0, 0.2)
        return wave

    def _string(
        self, hz: float, stroke: Stroke, rng: np.random.Generator, *, hammered: bool
    ) -> Wave:
        """Stiff strings: partials that are a little sharp, the high ones short, in two stages."""
        stiff = 4e-4 if hammered else 8e-5
        order = np.arange(1, int(min(40, 9000 / hz)) + 1)
        partials = order * hz * np.sqrt(1.0 + stiff * order**2)
        place = 0.125 if hammered else rng.uniform(0.12, 0.3)
        levels = np.abs(np.sin(np.pi * order * place)) / order ** (1.1 - 0.3 * stroke.strength)
        levels *= np.exp(rng.normal(0, 0.15, order.size))
        body = 1.0 / (1.0 + (partials / (2600.0 if hammered else 3500.0)) ** 2)
        lives = (4.5 if hammered else 2.6) / (1.0 + 0.12 * order + (partials / 2500.0) ** 1.2)
        count = count_of(2.4)
        wave = ring(partials, lives, levels * body, count)
        if hammered:  # two or three strings, a hair apart, and a slow second stage
            apart = 1.0 + rng.normal(0, 3e-4, order.size)
            wave += 0.7 * ring(partials * apart, 1.8 * lives, levels * body, count)
        knock_hz = (60, 700) if hammered else (150, 2500)
        knock = bandpass(noise(rng, count_of(0.08)), *knock_hz) * burst(count_of(0.08), 0.001, 0.06)
        mix_at(wave, unit_peak(knock), 0, 0.15 * float(np.abs(wave).max()))
        return wave
