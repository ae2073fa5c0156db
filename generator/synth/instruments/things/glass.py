"""Glass: it clinks while whole, and breaks into a crack and a shower of ringing shards.

The order of a break (a crack, a dense burst of fracture, then shards whose impacts thin out while
they settle) follows W. H. Warren and R. R. Verbrugge, *Auditory Perception of Breaking and
Bouncing Events* (J. Exp. Psychol. HPP 10(5), 1984): breaking is many overlapping damped series.
"""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.bands import Bands, blows
from foley_designer.generator.synth.physics.contact import contact_s, strike, thump
from foley_designer.generator.synth.physics.filling import filled
from foley_designer.generator.synth.physics.grains import arrivals, log_uniform, power_law, scatter
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build, doubled
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    decay,
    mix_at,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

_BREAKING = Bands(
    (-24, -23, -20, -15, -9, -8, -3, 0, -4),
    (0.3, 0.3, 0.14, 0.12, 0.14, 0.35, 0.36, 0.38, 0.4),
)
"""A window's pane and each of its pieces on the ground (median of five)."""


class Glass(Sustained):
    """A pane or a vessel. ``break`` shatters it, ``clink`` touches it, ``tinkle`` moves shards."""

    words: ClassVar[Words] = Words(
        variants=("break", "clink", "tinkle"),
        surfaces=("tile", "wood", "concrete", "carpet"),
        materials=("glass", "ceramic"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Two vessels, each a shell with split modes, and a pane."""
        material = MATERIALS[self.play.material]
        whole = [
            doubled(build(material, self.play.size, rng, Shape.SHELL, 12, 2.6, damping=1.6), rng)
            for _ in range(2)
        ]
        self.vessels = [filled(body, self.play.fullness, self.play.liquid) for body in whole]
        self.pane = build(material, self.play.size + 0.15, rng, Shape.PLATE, 40, damping=6.0)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One break, clink or tinkle."""
        if self.play.variant == "clink":
            return self._clink(stroke, rng)
        if self.play.variant == "tinkle":
            count = count_of(0.5)
            return self._shards(rng, 26 * decay(count, 0.5), 0.5, lead=True)
        return self._shatter(stroke, rng)

    def _clink(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Two vessels touch; both ring, and often they touch again."""
        duration = contact_s(0.95, stroke.strength, 0.3)
        waves = [
            strike(rng, body, duration, place=(0.5, 0.3), spread=0.1, grain=0.12, longest_s=2.0)
            for body in self.vessels
        ]
        out = np.zeros(max(wave.size for wave in waves) + count_of(0.1))
        for wave, level in zip(waves, (1.0, rng.uniform(0.5, 0.9)), strict=True):
            mix_at(out, unit_peak(wave), 0, level)
        if rng.uniform() < 0.4:
            again = strike(rng, self.vessels[0], duration, spread=0.2, grain=0.1, longest_s=1.0)
            mix_at(out, unit_peak(again), count_of(rng.uniform(0.02, 0.06)), 0.25)
        return out

    def _shatter(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Blow, fracture, and shards that fall for up to two seconds."""
        force, size = 0.3 + 0.7 * stroke.strength, self.play.size
        count = count_of(1.2 + 1.2 * size)
        out = np.zeros(count)
        blow = strike(rng, self.pane, 0.00015, spread=0.2, grain=1.4, dense=2.2, longest_s=0.45)
        mix_at(out, unit_peak(blow), 0, 0.5)
        mix_at(out, unit_peak(thump(rng, 190 - 80 * size, 0.12, 0.001)), 0, 0.35 * force)
        pieces = int(60 + 160 * size * force)
        at = np.concatenate([[0.0, 0.004], rng.gamma(1.3, 0.16 + 0.16 * size, pieces)])
        levels = power_law(rng, at.size, 1.5, 25.0) * np.exp(-at / (0.3 + 0.3 * size))
        levels[:2] = 2.0
        soft = 0.6 if self.play.surface == "carpet" else 1.0
        mix_at(out, unit_peak(blows(rng, count, at, levels, _BREAKING.lasting(soft))), 0, 1.0)
        rate = (900 + 2200 * force * (0.3 + size)) * decay(count, 0.5)
        mix_at(out, unit_peak(self._shards(rng, rate, 0.07 + 0.07 * size)), 0, 0.5)
        fall = (50 + 130 * size) * np.exp(-((np.arange(count) / count - 0.28) ** 2) / 0.03)
        mix_at(out, unit_peak(self._shards(rng, fall, 0.18 + 0.12 * size)), 0, 0.4 * soft)
        return out

    def _shards(
        self, rng: np.random.Generator, rate_hz: Wave, life_s: float, *, lead: bool = False
    ) -> Wave:
        """Pieces that ring: each a triple of modes, small pieces higher, shorter and softer."""
        positions = arrivals(rng, rate_hz)
        if lead:
            positions = np.concatenate([[0], positions]).astype(np.int64)
        pieces = positions.size
        base = log_uniform(rng, pieces, 2000, 12_000)
        levels = power_law(rng, pieces, 1.4, 30.0)
        if lead:
            levels[0] = 1.0
        dull = 0.4 if self.play.material == "ceramic" else 1.0
        lives = dull * life_s / 7 * log_uniform(rng, pieces, 0.5, 2.2) * (3000 / base) ** 0.6
        lives *= levels**0.35
        ratios = np.stack(
            [np.ones(pieces), rng.uniform(1.5, 1.9, pieces), rng.uniform(2.1, 2.9, pieces)]
        )
        frequencies = base * ratios
        heard = (frequencies < 19_000).ravel()
        strengths = levels * np.array([[1.0], [0.6], [0.35]])
        return scatter(
            rate_hz.size,
            np.tile(positions, 3)[heard],
            frequencies.ravel()[heard],
            np.tile(lives, 3)[heard],
            strengths.ravel()[heard],
        )

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """Shards or glasses that go on touching."""
        rate = np.full(stretch.count, 4.0 + 22.0 * self.play.speed * (0.4 + stretch.intensity))
        return np.stack([self._shards(rng, rate, 0.4) for _ in range(stretch.channels)])
