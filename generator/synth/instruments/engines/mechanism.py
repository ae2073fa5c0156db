"""Small machines: locks, switches, keys, gears, clocks, ratchets, shutters."""

from typing import ClassVar

import numpy as np

from foley_designer.generator.synth.instruments.instrument import Rhythmic, Stroke
from foley_designer.generator.synth.physics.bands import Bands, blow
from foley_designer.generator.synth.physics.contact import strike, thump
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    mix_at,
    unit_peak,
)
from foley_designer.generator.synth.words import Words

Tick = tuple[float, float, int, float]
"""Seconds after the hit, level, which part, contact in milliseconds."""

_ACTIONS: dict[str, tuple[Tick, ...]] = {
    "lock": ((0, 0.5, 0, 0.3), (0.035, 0.3, 1, 0.3), (0.085, 1.0, 2, 0.8), (0.10, 0.4, 0, 0.3)),
    "switch": ((0, 1.0, 0, 0.35), (0.006, 0.6, 1, 0.5)),
    "keyboard": ((0, 0.8, 1, 0.9), (0.004, 0.5, 2, 1.4), (0.085, 0.35, 1, 0.7)),
    "typewriter": (
        (0, 0.5, 1, 0.6),
        (0.035, 1.0, 2, 0.25),
        (0.040, 0.7, 0, 0.15),
        (0.11, 0.3, 1, 0.6),
    ),
    "gears": ((0, 0.8, 0, 0.4), (0.03, 0.6, 1, 0.4), (0.055, 0.7, 2, 0.7), (0.08, 0.5, 0, 0.4)),
    "clock": ((0, 1.0, 0, 0.15), (0.009, 0.4, 1, 0.15), (0.012, 0.5, 2, 0.3)),
    "ratchet": ((0, 1.0, 0, 0.25), (0.003, 0.5, 1, 0.4)),
    "shutter": ((0, 0.8, 1, 0.4), (0.018, 1.0, 2, 0.5), (0.06, 0.6, 1, 0.4), (0.07, 0.3, 0, 0.3)),
    "lever": ((0, 0.5, 1, 0.3), (0.12, 1.0, 2, 1.2), (0.135, 0.5, 0, 0.5)),
    "bell": ((0, 1.0, 3, 0.15),),
}


_RATTLE: dict[str, Bands] = {
    "keyboard": Bands(
        (-34, -24, -13, -7, -2, 0, -2, -6, -14),
        (0.05, 0.045, 0.04, 0.035, 0.03, 0.025, 0.022, 0.02, 0.02),
    ),
    "typewriter": Bands(
        (-30, -19, -8, -4, -1, 0, -1, -4, -11),
        (0.12, 0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.045, 0.04),
    ),
    "shutter": Bands(
        (-40, -30, -18, -9, -4, 0, -1, -4, -10),
        (0.05, 0.045, 0.04, 0.035, 0.03, 0.028, 0.025, 0.02, 0.02),
    ),
    "lock": Bands(
        (-30, -18, -10, -4, 0, -1, -3, -8, -16),
        (0.09, 0.08, 0.07, 0.06, 0.05, 0.045, 0.04, 0.03, 0.03),
    ),
    "gears": Bands(
        (-28, -17, -8, -3, 0, -2, -5, -10, -18),
        (0.07, 0.06, 0.05, 0.045, 0.04, 0.035, 0.03, 0.03, 0.02),
    ),
}
_RATTLE |= {
    "lever": _RATTLE["lock"].lasting(1.4),
    "ratchet": Bands(
        (-50, -40, -30, -20, -10, -4, 0, -1, -6),
        (0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.025, 0.02),
    ),
    "clock": _RATTLE["shutter"].lasting(0.6),
    "switch": _RATTLE["lock"].lasting(0.5),
}
"""What case and small parts add to a tick: too dense to ring."""
_PACES = {
    "clock": (1.0, 0.5),
    "gears": (0.26, 0.08),
    "ratchet": (0.12, 0.04),
    "keyboard": (0.30, 0.08),
    "typewriter": (0.34, 0.12),
}
"""Seconds between actions, slow and quick."""
_STRAYS = {"clock": 0.004, "gears": 0.03, "ratchet": 0.03, "keyboard": 0.45, "typewriter": 0.4}


class Mechanism(Rhythmic):
    """Four parts that click: a spring, a small plate, a housing and a bell."""

    words: ClassVar[Words] = Words(
        variants=tuple(_ACTIONS),
        surfaces=("plain",),
        materials=("steel", "plastic", "wood", "brass"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """The parts of this one mechanism."""
        play = self.play
        housing = "plastic" if play.variant in ("keyboard", "switch") else play.material
        size = 0.5 * play.size
        self.parts = [
            build(MATERIALS[play.material], 0.02 + size, rng, Shape.BAR, 8, 3.0, damping=22),
            build(MATERIALS[housing], 0.12 + size, rng, Shape.PLATE, 16, 3.0, damping=12),
            build(MATERIALS[housing], 0.38 + size, rng, Shape.BOX, 18, 3.0, damping=7),
            build(MATERIALS["brass"], 0.1 + size, rng, Shape.SHELL, 10, 2.0, damping=1.2),
        ]
        self.places = rng.uniform(0.2, 0.8, (4, 2))
        self.ring = 0.9 if play.variant in ("switch", "ratchet") else 0.3

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One action: its ticks in their order, each a little different every time."""
        slow = 1.25 - 0.5 * self.play.speed
        alternate = 0.82 if self.play.variant == "clock" and stroke.index % 2 else 1.0
        waves = [
            (delay, level, self._tick(part, contact * alternate, stroke, rng))
            for delay, level, part, contact in _ACTIONS[self.play.variant]
        ]
        starts = [
            0 if delay == 0 else count_of(delay * slow * rng.normal(1, 0.07))
            for delay, _, _ in waves
        ]
        out = np.zeros(
            max(start + wave.size for start, (_, _, wave) in zip(starts, waves, strict=True))
        )
        for start, (_, level, wave) in zip(starts, waves, strict=True):
            mix_at(out, wave, start, level * rng.uniform(0.75, 1.2))
        return out

    def _tick(self, part: int, contact_ms: float, stroke: Stroke, rng: np.random.Generator) -> Wave:
        duration = contact_ms * 1e-3 * (1.3 - 0.6 * stroke.strength)
        place = (float(self.places[part, 0]), float(self.places[part, 1]))
        wave = strike(
            rng, self.parts[part], duration, place=place, spread=0.15, grain=0.45,
            longest_s=2.5 if part == 3 else 0.25,
        )  # fmt: skip
        out = np.zeros(max(wave.size, count_of(0.12)))
        bands = _RATTLE.get(self.play.variant)
        if bands is not None:
            mix_at(
                out, unit_peak(blow(rng, bands.tilted(rng.normal(0, 0.4) - 0.6 * (part - 1)))), 0
            )
        mix_at(out, unit_peak(wave), 0, 1.0 if bands is None else self.ring)
        if part == 2 and self.play.variant != "keyboard":
            body = thump(rng, 260 * 2.0 ** (0.5 - self.play.size), 0.04, 0.0008)
            mix_at(out, unit_peak(body), 0, 0.3)
        return out

    @property
    def interval_s(self) -> float:
        """Even for clocks and gears; as hands come by for the rest."""
        slow, quick = _PACES.get(self.play.variant, (1.2, 0.4))
        return slow + (quick - slow) * self.play.speed

    @property
    def unevenness(self) -> float:
        """Clocks hardly stray, fingers do."""
        return _STRAYS.get(self.play.variant, 0.3)
