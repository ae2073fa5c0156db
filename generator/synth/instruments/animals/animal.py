"""Voices as data: what each animal says, syllable by syllable, and what people can't help saying.

Contours after the acoustics of the calls: barks are chevrons of 400 to 700 Hz with irregular
periods (T. Riede, *Vocal Fold Vibration in Dog Barks*, JASA 118, 2005); a rooster tunes its throat
to the second harmonic, so the octave is the loudest; a baby cries at 400 to 500 Hz in arches of
about a second, draws breath, and screams rough (H. L. Golub and M. J. Corwin, in *Infant Crying*,
1985); a sneeze
is a vowel that climbs, a burst of air at the teeth, and what is left of the breath.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stretch, Stroke
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    fade_edges,
    mix_at,
    unit_peak,
)
from foley_designer.generator.synth.physics.voice import Syllable, Throat, speak
from foley_designer.generator.synth.words import Words


class _Call(NamedTuple):
    """What an animal says once, and how often."""

    syllables: tuple[Syllable, ...]
    interval_s: float
    unevenness: float = 0.35
    others: tuple[tuple[Syllable, ...], ...] = ()
    """Further ways to say it, chosen at random."""


_CROW_MOUTH = ((1250, 220, 1.0), (1900, 260, 0.9), (3100, 500, 0.3))
_ROOSTER_MOUTH = (
    (1480, 190, 1.0),
    (2300, 300, 0.5),
    (3150, 400, 0.25),
    (4600, 700, 0.06),
    (7000, 1200, 0.015),
)
_WHISTLE = Syllable(0.1, (1.0,), (1.0,), buzz_hz=900.0, breath=0.01, rough=0.002)

_BARK = Syllable(
    0.17,
    (430, 610, 590, 480, 340),
    (0.4, 1.0, 0.9, 0.4, 0.08),
    ((760, 190, 1.0), (1350, 260, 0.55), (2500, 400, 0.18), (4100, 700, 0.07)),
    buzz_hz=1300,
    breath=0.35,
    rough=0.02,
    sub=0.25,
    mouth=(0.72, 1.0, 1.06, 0.92, 0.7),
    hiss=0.025,
    hiss_hz=(4500.0, 11_000.0),
    chaos=(0.16,),
)
_YAP = _BARK._replace(seconds=0.11, pitch_hz=(560, 760, 690, 480), chaos=(0.07,), breath=0.2)
_WOOF = _BARK._replace(
    seconds=0.24,
    pitch_hz=(330, 480, 470, 420, 330, 250),
    level=(0.5, 1.0, 0.95, 0.6, 0.3, 0.06),
    sub=0.5,
    chaos=(0.24,),
)
_MEOW = Syllable(
    0.75,
    (520, 780, 820, 700, 560),
    (0.3, 0.8, 1.0, 0.8, 0.2),
    ((1000, 160, 1.0), (2100, 240, 0.8), (3700, 400, 0.4), (5600, 700, 0.2)),
    2400,
    0.08,
    0.02,
    mouth=(0.55, 0.9, 1.15, 1.0, 0.6),
    chaos=(0.03, 0.01, 0.02, 0.05),
)
_CROW = Syllable(
    0.26, (480, 560, 540, 440), (0.6, 1.0, 0.9, 0.3), _CROW_MOUTH, 1600, 0.3, 0.09, 0.5, gap_s=0.22
)
_COCK = Syllable(
    0.15,
    (480, 620, 600),
    (0.4, 0.7, 0.25),
    _ROOSTER_MOUTH,
    1300,
    0.04,
    0.005,
    gap_s=0.13,
    mouth=(0.75, 0.95, 0.85),
    chaos=(0.08, 0.03),
)
_DOODLE = _COCK._replace(seconds=0.19, pitch_hz=(610, 730, 720), gap_s=0.03, sub=0.2)
_DOO = _COCK._replace(
    seconds=1.35,
    pitch_hz=(640, 730, 738, 732, 722, 708, 690, 600),
    level=(0.9, 1.0, 0.95, 0.85, 0.75, 0.6, 0.4, 0.1),
    mouth=(0.95, 1.02, 1.02, 1.0, 0.97, 0.85),
    chaos=(0.15, 0.14, 0.05, 0.01, 0.006, 0.01),
    gap_s=0.0,
)
_NEIGH = Syllable(
    1.25,
    (900, 1350, 1200, 900, 620, 420),
    (0.7, 1.0, 0.9, 0.8, 0.5, 0.2),
    ((950, 200, 1.0), (1900, 300, 0.8), (3200, 500, 0.4)),
    1500,
    0.35,
    0.05,
    0.25,
    12,
    0.09,
    mouth=(0.9, 1.1, 1.0, 0.9, 0.8),
    hiss=0.05,
    chaos=(0.12, 0.05, 0.08, 0.2, 0.3),
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
    1.9,
    (120, 165, 200, 195, 150),
    (0.5, 0.8, 1.0, 0.9, 0.3),
    ((330, 80, 1.0), (820, 120, 0.8), (1750, 260, 0.4), (2700, 400, 0.2)),
    900,
    0.12,
    0.02,
    mouth=(0.6, 0.85, 1.05, 1.1, 0.9),
    hiss=0.02,
    chaos=(0.05, 0.02, 0.02, 0.06),
)
_OINK = Syllable(
    0.26,
    (190, 210, 150),
    (1.0, 0.95, 0.3),
    ((520, 200, 1.0), (1350, 300, 0.9), (2400, 450, 0.6), (3600, 700, 0.3)),
    1000,
    1.4,
    0.2,
    0.5,
    mouth=(0.8, 1.0, 0.9),
    hiss=0.25,
    hiss_hz=(800.0, 5000.0),
    chaos=(0.05, 0.4),
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

_BABY_MOUTH = (
    (1130, 200, 1.0),
    (3150, 380, 0.6),
    (5500, 650, 0.2),
    (7700, 900, 0.12),
)
_WAIL = Syllable(
    1.05,
    (345, 440, 468, 462, 450, 425, 350),
    (0.3, 0.8, 1.0, 1.0, 0.9, 0.65, 0.12),
    _BABY_MOUTH,
    2600,
    0.05,
    0.010,
    trill_hz=7.5,
    trill=0.012,
    gap_s=0.10,
    mouth=(0.55, 0.9, 1.08, 1.1, 1.0, 0.7),
    chaos=(0.03, 0.008, 0.008, 0.05),
)
_GASP = Syllable(
    0.26,
    (560, 700, 640),
    (0.06, 0.13, 0.04),
    _BABY_MOUTH,
    1500,
    3.0,
    0.05,
    gap_s=0.12,
    mouth=(0.8, 1.0),
    hiss=0.25,
    chaos=(0.2,),
)
_SCREAM = _WAIL._replace(
    seconds=1.4,
    pitch_hz=(380, 490, 520, 530, 525, 500, 400),
    breath=0.15,
    sub=0.2,
    chaos=(0.03, 0.16, 0.2, 0.05, 0.01),
)
_SOB = _WAIL._replace(seconds=0.34, level=(0.3, 0.8, 0.7, 0.2), pitch_hz=(370, 440, 430, 360))

_AH = Syllable(
    0.13,
    (250, 300, 360, 400),
    (0.35, 0.7, 1.0, 0.9),
    ((760, 130, 1.0), (1350, 180, 0.6), (2650, 300, 0.25), (3700, 500, 0.12)),
    1600,
    0.25,
    0.01,
    mouth=(0.85, 1.0, 1.1),
    chaos=(0.05,),
)
_TCH = _AH._replace(
    seconds=0.24,
    pitch_hz=(390, 320, 260, 220),
    level=(0.9, 1.0, 0.6, 0.3, 0.14, 0.05),
    formants=((620, 160, 0.8), (1900, 300, 1.0), (3100, 420, 0.6), (4700, 900, 0.4)),
    breath=7.0,
    mouth=(1.1, 1.0, 0.85),
    hiss=0.9,
    hiss_hz=(1500.0, 11_000.0),
)
_OO = _AH._replace(
    seconds=0.18,
    pitch_hz=(230, 190, 160, 140),
    level=(0.4, 0.26, 0.10, 0.02),
    breath=1.0,
    mouth=(0.6, 0.5, 0.48),
    hiss=0.25,
    hiss_hz=(1500.0, 6000.0),
)
_BURST = _AH._replace(
    seconds=0.09,
    pitch_hz=(380, 370, 345),
    level=(0.9, 1.0, 0.7),
    formants=((700, 260, 1.0), (1500, 380, 0.9), (2600, 500, 0.7), (3900, 900, 0.5)),
    breath=1.5,
    mouth=(0.9, 1.1, 1.1),
    hiss=0.15,
    hiss_hz=(1200.0, 9000.0),
    chaos=(0.35,),
)
_HUFF = _BURST._replace(
    seconds=0.14,
    pitch_hz=(335, 310, 275),
    level=(0.8, 0.6, 0.4),
    breath=1.0,
    mouth=(1.1, 1.0, 0.95),
    hiss=0.08,
    chaos=(0.35,),
)
_VOICED = _BURST._replace(
    seconds=0.11,
    pitch_hz=(275, 250, 195, 160),
    level=(0.5, 0.6, 0.4, 0.1),
    breath=0.5,
    mouth=(0.95, 0.85, 0.75),
    hiss=0.05,
    chaos=(0.1, 0.2),
    gap_s=0.16,
)
_HACK = (_BURST, _HUFF, _VOICED)
"""A cough: the glottis bursts open, air rushes, the folds close again and sound once more (J.
Korpáš, J. Sadloňová, M. Vrabec, Pulm. Pharmacol. 9, 1996, find the same three phases)."""

_GROWL = Syllable(
    1.3,
    (62, 74, 80, 76, 66),
    (0.5, 0.9, 1.0, 0.9, 0.3),
    ((310, 160, 1.0), (760, 260, 0.7), (1500, 400, 0.35), (2700, 700, 0.15)),
    420,
    1.3,
    0.10,
    0.5,
    trill_hz=24,
    trill=0.08,
    mouth=(0.85, 1.0, 1.05, 0.95),
    hiss=0.15,
    hiss_hz=(900.0, 4500.0),
    chaos=(0.25, 0.35, 0.3),
)

CALLS: dict[str, _Call] = {
    "dog": _Call((_BARK,), 0.55, others=((_YAP,), (_WOOF,))),
    "cat": _Call((_MEOW,), 2.5),
    "rooster": _Call((_COCK, _DOODLE, _DOO), 6.0, others=((_COCK, _DOODLE, _DOODLE, _DOO),)),
    "crow": _Call((_CROW,) * 3, 3.5),
    "bird": _Call(_SONG, 1.8, 0.5),
    "horse": _Call((_NEIGH,), 5.0),
    "sheep": _Call((_BLEAT,), 3.0),
    "cow": _Call((_MOO,), 6.0),
    "pig": _Call((_OINK,), 1.0, 0.6),
    "insect": _Call((_CHIRP,) * 3, 0.42, 0.12),
    "frog": _Call((_CROAK,), 1.2),
    "growl": _Call((_GROWL,), 1.9, 0.3, ((_GROWL._replace(seconds=0.8),),)),
    "baby": _Call((_WAIL, _GASP), 1.5, 0.15, ((_SCREAM, _GASP), (_SOB, _SOB, _WAIL, _GASP))),
    "sneeze": _Call((_AH, _TCH, _OO), 2.2, others=((_TCH, _OO), (_AH, _TCH))),
    "cough": _Call(2 * _HACK, 1.6, others=(_HACK, 3 * _HACK)),
}  # fmt: skip


@dataclass(frozen=True)
class _Calling(Stroke):
    """A call whose way was chosen with its time."""

    way: int = 0


class AnimalVoice(Rhythmic):
    """One animal."""

    words: ClassVar[Words] = Words(variants=tuple(CALLS), surfaces=("plain",), materials=("plain",))

    def prepare(self, rng: np.random.Generator) -> None:
        """How large it is, and which of its ways it prefers."""
        self.call = CALLS[self.play.variant]
        self.habits = rng.dirichlet(np.full(1 + len(self.call.others), 0.7))
        small = 2.0 ** (1.3 * (0.5 - self.play.size))
        own = np.exp(rng.normal(0.0, (0.06, 0.07, 0.25)))
        self.throat = Throat(float(small * own[0]), float(small * own[1]), float(small * own[2]))

    @property
    def interval_s(self) -> float:
        """How often it speaks."""
        return self.call.interval_s * (1.5 - self.play.speed)

    @property
    def unevenness(self) -> float:
        """How irregularly."""
        return self.call.unevenness

    def rhythm(self, stretch: Stretch, rng: np.random.Generator) -> list[tuple[int, Stroke]]:
        """Calls that fill a stretch, each with time to end and to draw breath."""
        calls: list[tuple[int, Stroke]] = []
        at = 0.0
        for index, stroke in enumerate(one for _, one in super().rhythm(stretch, rng)):
            way = self._way(rng)
            gap_s = max(stroke.gap_s, 1.1 * _lasts_s(self._ways[way]) + 0.05)
            calls.append((round(at), _Calling(stroke.strength, index, gap_s, way)))
            at += gap_s * SAMPLE_RATE
            if at >= stretch.count:
                break
        return calls

    @property
    def _ways(self) -> tuple[tuple[Syllable, ...], ...]:
        return (self.call.syllables, *self.call.others)

    def _way(self, rng: np.random.Generator) -> int:
        return int(rng.choice(len(self._ways), p=self.habits))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One call; more force is higher, and a little rougher."""
        force = 0.93 + 0.14 * stroke.strength
        throat = self.throat._replace(pitch=self.throat.pitch * force)
        way = stroke.way if isinstance(stroke, _Calling) else self._way(rng)
        wave = utter(rng, self._ways[way], throat)
        room = max(count_of(stroke.gap_s), count_of(0.15))
        # One throat: the next call ends this one.
        return wave if wave.size <= room else fade_edges(wave[:room], 0.0, 0.04)


def _lasts_s(syllables: tuple[Syllable, ...]) -> float:
    return sum(syllable.seconds + syllable.gap_s for syllable in syllables)


def utter(rng: np.random.Generator, syllables: tuple[Syllable, ...], throat: Throat) -> Wave:
    """Syllables one after another."""
    parts = [(unit_peak(speak(rng, syllable, throat)), syllable) for syllable in syllables]
    gaps = [
        count_of(s.gap_s * float(np.exp(rng.normal(0, 0.2)))) if s.gap_s else 0 for _, s in parts
    ]
    total = sum(wave.size for wave, _ in parts) + sum(gaps)
    out, start = np.zeros(total + SAMPLE_RATE // 100), 0
    for (wave, syllable), gap in zip(parts, gaps, strict=True):
        mix_at(out, wave, start, max(syllable.level) * rng.uniform(0.85, 1.0))
        start += wave.size + gap
    return out
