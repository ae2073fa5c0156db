"""Animal voices as data: what each says, syllable by syllable."""

from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.signals import Wave, count_of, mix_at, unit_peak
from foley_designer.generator.synth.voice import Syllable, speak
from foley_designer.generator.synth.words import Words


class _Call(NamedTuple):
    """What an animal says once, and how often."""

    syllables: tuple[Syllable, ...]
    interval_s: float
    unevenness: float = 0.35


_BARK = Syllable(
    0.17, (420, 640, 600, 470, 330), (0.7, 1.0, 0.85, 0.5, 0.12),
    ((720, 160, 1.0), (1450, 220, 0.95), (2650, 350, 0.5), (3900, 600, 0.25)),
    buzz=30, breath=0.35, rough=0.06, sub=0.35,
)  # fmt: skip
_CROW_MOUTH = ((1250, 220, 1.0), (1900, 260, 0.9), (3100, 500, 0.4))
_ROOSTER_MOUTH = ((900, 200, 0.7), (1850, 260, 1.0), (2900, 400, 0.6), (4300, 700, 0.3))
_SHEEP_MOUTH = ((620, 140, 1.0), (1550, 200, 0.8), (2600, 350, 0.4))
_COW_MOUTH = ((320, 90, 1.0), (780, 140, 0.7), (1700, 300, 0.25))

CALLS: dict[str, _Call] = {
    "dog": _Call((_BARK,), 0.55),
    "cat": _Call((Syllable(
        0.75, (520, 780, 820, 700, 560), (0.4, 0.8, 1.0, 0.7, 0.2),
        ((1100, 200, 1.0), (2200, 300, 0.7), (3600, 500, 0.35)), 14, 0.06, 0.012),), 2.5),
    "rooster": _Call((
        Syllable(0.20, (480, 650, 640), (0.5, 0.9, 0.7), _ROOSTER_MOUTH, 26, 0.12, 0.02,
                 gap_s=0.05),
        Syllable(0.18, (700, 800, 760), (0.6, 0.9, 0.7), _ROOSTER_MOUTH, 26, 0.12, 0.02,
                 gap_s=0.04),
        Syllable(0.24, (720, 880, 860), (0.6, 1.0, 0.9), _ROOSTER_MOUTH, 26, 0.12, 0.02,
                 gap_s=0.02),
        Syllable(0.95, (800, 930, 900, 760, 520), (0.7, 1.0, 1.0, 0.7, 0.2), _ROOSTER_MOUTH, 28,
                 0.14, 0.02)), 6.0),
    "crow": _Call(tuple(
        Syllable(0.26, (480, 560, 540, 440), (0.6, 1.0, 0.9, 0.3), _CROW_MOUTH, 45, 0.5, 0.09, 0.5,
                 gap_s=0.22) for _ in range(3)), 3.5),
    "bird": _Call((
        Syllable(0.09, (3600, 4600, 3900), (0.5, 1.0, 0.4), (), 0.5, 0.01, 0.002, gap_s=0.05),
        Syllable(0.07, (4300, 3200), (0.7, 1.0), (), 0.5, 0.01, 0.002, gap_s=0.05),
        Syllable(0.28, (3000, 3300, 3100), (0.6, 1.0, 0.5), (), 0.5, 0.01, 0.002, 0, 26, 0.12,
                 gap_s=0.06),
        Syllable(0.12, (5200, 3600), (0.8, 0.5), (), 0.5, 0.01, 0.002)), 1.8, 0.5),
    "horse": _Call((Syllable(
        1.25, (900, 1350, 1200, 900, 620, 420), (0.7, 1.0, 0.9, 0.8, 0.5, 0.2),
        ((950, 200, 1.0), (1900, 300, 0.8), (3200, 500, 0.4)), 20, 0.25, 0.03, 0.2, 11,
        0.07),), 5.0),
    "sheep": _Call((Syllable(
        0.85, (260, 300, 290, 270), (0.6, 1.0, 0.9, 0.4), _SHEEP_MOUTH, 40, 0.1, 0.03, 0.0, 9,
        0.06),), 3.0),
    "cow": _Call((Syllable(
        1.7, (95, 125, 150, 145, 110), (0.4, 0.8, 1.0, 0.9, 0.3), _COW_MOUTH, 60, 0.06,
        0.012),), 6.0),
    "pig": _Call((Syllable(
        0.30, (110, 150, 120), (0.7, 1.0, 0.3),
        ((480, 150, 1.0), (1300, 250, 0.8), (2500, 400, 0.3)), 60, 0.7, 0.2, 0.4),), 1.0, 0.6),
    "insect": _Call(tuple(
        Syllable(0.020, (4500, 4520), (0.8, 1.0, 0.5), (), 0.5, 0.01, 0.001, gap_s=0.014)
        for _ in range(3)), 0.42, 0.12),
    "frog": _Call((Syllable(
        0.24, (170, 210, 200), (0.5, 1.0, 0.4), ((700, 120, 1.0), (1500, 200, 0.7)), 40, 0.1, 0.04,
        0.0, 38, 0.25),), 1.2),
}  # fmt: skip


class AnimalVoice(Rhythmic):
    """One animal."""

    words: ClassVar[Words] = Words(variants=tuple(CALLS), surfaces=("plain",), materials=("plain",))

    def prepare(self, rng: np.random.Generator) -> None:
        """How large it is."""
        self.call = CALLS[self.play.variant]
        self.scale = 2.0 ** (1.3 * (0.5 - self.play.size)) * float(np.exp(rng.normal(0, 0.06)))

    @property
    def interval_s(self) -> float:
        """How often it speaks."""
        return self.call.interval_s * (1.5 - self.play.speed)

    @property
    def unevenness(self) -> float:
        """How irregularly."""
        return self.call.unevenness

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One call; more force is higher, and a little rougher."""
        pitch = self.scale * (0.93 + 0.14 * stroke.strength)
        return utter(rng, self.call.syllables, pitch)


def utter(rng: np.random.Generator, syllables: tuple[Syllable, ...], scale: float) -> Wave:
    """Syllables one after another."""
    parts = [(unit_peak(speak(rng, syllable, scale)), syllable) for syllable in syllables]
    gaps = [
        count_of(s.gap_s * float(np.exp(rng.normal(0, 0.2)))) if s.gap_s else 0 for _, s in parts
    ]
    total = sum(wave.size for wave, _ in parts) + sum(gaps)
    out, start = np.zeros(total + SAMPLE_RATE // 100), 0
    for (wave, syllable), gap in zip(parts, gaps, strict=True):
        mix_at(out, wave, start, max(syllable.level) * rng.uniform(0.85, 1.0))
        start += wave.size + gap
    return out
