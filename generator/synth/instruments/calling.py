"""Whoever calls: a throat that says one of its ways, syllable by syllable, and draws breath."""

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


class Call(NamedTuple):
    """What a throat says once, and how often."""

    syllables: tuple[Syllable, ...]
    interval_s: float
    unevenness: float = 0.35
    others: tuple[tuple[Syllable, ...], ...] = ()
    """Further ways to say it, chosen at random."""


@dataclass(frozen=True)
class _Calling(Stroke):
    """A call whose way was chosen with its time."""

    way: int = 0


class Voice(Rhythmic):
    """One throat."""

    calls: ClassVar[dict[str, Call]] = {}
    """By variant."""

    def prepare(self, rng: np.random.Generator) -> None:
        """How large it is, and which of its ways it prefers."""
        self.call = self.calls[self.play.variant]
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
