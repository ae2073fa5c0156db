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


_CROW_MOUTH = ((1250, 220, 1.0), (1900, 260, 0.9), (3100, 500, 0.3))
_ROOSTER_MOUTH = ((900, 200, 0.7), (1850, 260, 1.0), (2900, 400, 0.35), (4300, 700, 0.1))
_WHISTLE = Syllable(0.1, (1.0,), (1.0,), buzz_hz=900.0, breath=0.01, rough=0.002)

_BARK = Syllable(
    0.17,
    (420, 640, 600, 470, 330),
    (0.75, 1.0, 0.85, 0.5, 0.12),
    ((720, 160, 1.0), (1350, 220, 0.9), (2500, 350, 0.25), (3800, 600, 0.10)),
    buzz_hz=1100,
    breath=0.18,
    rough=0.09,
    sub=0.4,
)
_MEOW = Syllable(
    0.75,
    (520, 780, 820, 700, 560),
    (0.4, 0.8, 1.0, 0.7, 0.2),
    ((1100, 200, 1.0), (2200, 300, 0.6), (3600, 500, 0.2)),
    1200,
    0.04,
    0.012,
)
_CROW = Syllable(
    0.26, (480, 560, 540, 440), (0.6, 1.0, 0.9, 0.3), _CROW_MOUTH, 1600, 0.3, 0.09, 0.5, gap_s=0.22
)
_COCK = Syllable(0.2, (480, 650, 640), (0.6, 0.9, 0.7), _ROOSTER_MOUTH, 1500, 0.05, 0.02)
_DOODLE = _COCK._replace(seconds=0.18, pitch_hz=(700, 800, 760), gap_s=0.04)
_DOO = _COCK._replace(
    seconds=0.95, pitch_hz=(800, 930, 900, 760, 520), level=(0.8, 1.0, 1.0, 0.7, 0.2)
)
_NEIGH = Syllable(
    1.25,
    (900, 1350, 1200, 900, 620, 420),
    (0.7, 1.0, 0.9, 0.8, 0.5, 0.2),
    ((950, 200, 1.0), (1900, 300, 0.8), (3200, 500, 0.4)),
    1500,
    0.15,
    0.03,
    0.2,
    11,
    0.07,
)
_BLEAT = Syllable(
    0.85,
    (260, 300, 290, 270),
    (0.7, 1.0, 0.9, 0.4),
    ((620, 140, 1.0), (1550, 200, 0.8), (2600, 350, 0.4)),
    1500,
    0.08,
    0.03,
    0.0,
    9,
    0.06,
)
_MOO = Syllable(
    1.7,
    (95, 125, 150, 145, 110),
    (0.5, 0.8, 1.0, 0.9, 0.3),
    ((320, 90, 1.0), (780, 140, 0.7), (1700, 300, 0.25)),
    700,
    0.05,
    0.012,
)
_OINK = Syllable(
    0.30,
    (110, 150, 120),
    (0.7, 1.0, 0.3),
    ((480, 150, 1.0), (1300, 250, 0.8), (2500, 400, 0.3)),
    1200,
    0.5,
    0.2,
    0.4,
)
_CROAK = Syllable(
    0.24,
    (170, 210, 200),
    (0.6, 1.0, 0.4),
    ((700, 120, 1.0), (1500, 200, 0.7)),
    1200,
    0.1,
    0.04,
    0.0,
    38,
    0.25,
)
_SONG = (
    _WHISTLE._replace(seconds=0.09, pitch_hz=(3600, 4600, 3900), level=(0.6, 1.0, 0.4), gap_s=0.05),
    _WHISTLE._replace(seconds=0.07, pitch_hz=(4300, 3200), level=(0.7, 1.0), gap_s=0.05),
    _WHISTLE._replace(
        seconds=0.28,
        pitch_hz=(3000, 3300, 3100),
        level=(0.6, 1.0, 0.5),
        trill_hz=26,
        trill=0.12,
        gap_s=0.06,
    ),
    _WHISTLE._replace(seconds=0.12, pitch_hz=(5200, 3600), level=(0.8, 0.5)),
)
_CHIRP = _WHISTLE._replace(seconds=0.02, pitch_hz=(4500, 4520), level=(0.8, 1.0, 0.5), gap_s=0.014)

CALLS: dict[str, _Call] = {
    "dog": _Call((_BARK,), 0.55),
    "cat": _Call((_MEOW,), 2.5),
    "rooster": _Call((_COCK._replace(gap_s=0.05), _DOODLE, _DOODLE, _DOO), 6.0),
    "crow": _Call((_CROW,) * 3, 3.5),
    "bird": _Call(_SONG, 1.8, 0.5),
    "horse": _Call((_NEIGH,), 5.0),
    "sheep": _Call((_BLEAT,), 3.0),
    "cow": _Call((_MOO,), 6.0),
    "pig": _Call((_OINK,), 1.0, 0.6),
    "insect": _Call((_CHIRP,) * 3, 0.42, 0.12),
    "frog": _Call((_CROAK,), 1.2),
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
