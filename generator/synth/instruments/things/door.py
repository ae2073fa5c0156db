"""Doors: handle and latch, swing with its hinges, close, slam, knock."""

from typing import ClassVar

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.instruments.things.friction import resonance, slips
from foley_designer.generator.synth.physics.bands import Bands, blow, dense, swelling
from foley_designer.generator.synth.physics.contact import contact_s, strike, thump
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    bandpass,
    burst,
    count_of,
    drift,
    mix_at,
    noise,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words

_LEAF: dict[str, Bands] = {
    "wood": Bands(
        (-10, -7, 0, -6, -7, -14, -19, -27, -40),
        (0.31, 0.36, 0.26, 0.18, 0.15, 0.13, 0.13, 0.14, 0.15),
    ),
    "steel": Bands(
        (-12, -5, 0, -2, -4, -7, -11, -18, -28),
        (0.6, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.25, 0.2),
    ),
    "glass": Bands(
        (-14, -7, -1, 0, -4, -8, -12, -18, -28),
        (0.3, 0.3, 0.25, 0.2, 0.18, 0.16, 0.14, 0.12, 0.1),
    ),
    "car": Bands(
        (-5, 0, -2, -5, -9, -13, -18, -25, -35),
        (0.25, 0.24, 0.18, 0.13, 0.11, 0.09, 0.08, 0.07, 0.07),
    ),
}
_LEAF["plastic"] = _LEAF["wood"].tilted(0.6).lasting(0.7)
"""A leaf in its frame, with the room behind (wood: median of three)."""
_ROLLERS = Bands(
    (-12, -5, 0, -1, -4, -8, -13, -20, -30),
    (0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.05, 0.04, 0.04),
)
_LATCH = Bands(
    (-36, -26, -16, -7, -1, 0, -2, -7, -15),
    (0.08, 0.08, 0.07, 0.06, 0.05, 0.05, 0.045, 0.04, 0.03),
)


class Door(Sustained):
    """One door. Hits are latches, slams and knocks; stretches are its swing."""

    words: ClassVar[Words] = Words(
        variants=("close", "slam", "open", "knock", "car", "handle", "sliding"),
        surfaces=("plain",),
        materials=("wood", "steel", "glass", "plastic"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Leaf, latch and hinge of this door."""
        leaf = {
            "wood": MATERIALS["wood"]._replace(base_hz=62, friction=0.035, mount=26),
            "steel": MATERIALS["steel"]._replace(base_hz=75, friction=0.006, mount=12),
            "glass": MATERIALS["glass"]._replace(base_hz=120, friction=0.012, mount=22),
            "plastic": MATERIALS["plastic"]._replace(base_hz=95),
        }[self.play.material]
        if self.play.variant == "car":
            leaf = MATERIALS["steel"]._replace(base_hz=82, friction=0.045, mount=38)
        self.leaf = build(leaf, self.play.size, rng, Shape.PLATE, 34, 1.6)
        self.latch = build(MATERIALS["steel"], 0.3, rng, Shape.BAR, 8, 2.0, damping=30)
        self.hinge = build(MATERIALS["wood"], 0.45, rng, Shape.PLATE, 40, 2.0, damping=3.0)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One action."""
        variant = self.play.variant
        if variant == "knock":
            return self._knock(stroke, rng)
        if variant in ("open", "handle"):
            return self._open(stroke, rng)
        return self._shut(stroke, rng, hard=variant in ("slam", "car"))

    def _metal(self, rng: np.random.Generator, level: float, strength: float = 0.6) -> Wave:
        """A click of the latch: strike, then spring."""
        out = np.zeros(count_of(0.12))
        for delay, part in ((0.0, 1.0), (rng.uniform(0.008, 0.022), rng.uniform(0.35, 0.7))):
            tick = strike(
                rng, self.latch, 0.0004 - 0.0003 * strength, spread=0.25, grain=0.5, longest_s=0.09
            )
            mix_at(out, unit_peak(tick), count_of(delay) if delay else 0, 0.3 * part)
            snap = blow(rng, _LATCH.tilted(rng.normal(0, 0.4)))
            mix_at(out, unit_peak(snap), count_of(delay) if delay else 0, part)
        return out * level

    def _knock(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Knuckles on the leaf."""
        duration = contact_s(0.42, stroke.strength, 0.35)
        wave = strike(
            rng, self.leaf, duration, place=(0.4, 0.3), grain=0.35, dense=0.5, longest_s=0.5
        )
        out = np.zeros(max(wave.size, count_of(0.25)))
        mix_at(out, unit_peak(wave), 0, 0.6)
        knuckles = _LEAF.get(self.play.material, _LEAF["wood"]).tilted(1.2).lasting(0.5)
        mix_at(out, unit_peak(blow(rng, knuckles)), 0, 0.8)
        mix_at(out, unit_peak(thump(rng, 190, 0.06, 0.0012)), 0, 0.4)
        return out

    def _shut(self, stroke: Stroke, rng: np.random.Generator, *, hard: bool) -> Wave:
        """Leaf on frame with the air that it pushes, the latch within 30 ms, a rattle after."""
        force = stroke.strength if hard else 0.6 * stroke.strength
        duration = contact_s(0.45 + 0.15 * hard, force, 0.8)
        wave = strike(
            rng, self.leaf, duration, place=(0.12, 0.45), grain=0.55, dense=1.0, longest_s=1.0
        )
        low = thump(rng, 58 if self.play.variant == "car" else 72, 0.16, 0.002, drop=0.5)
        count = count_of(0.6)
        out = np.zeros(max(wave.size, low.size, count) + 1)
        mix_at(out, unit_peak(wave), 0, 0.3)
        car = self.play.variant == "car"
        leaf = _LEAF["car" if car else self.play.material].tilted(1.5 * (force - 0.5))
        body = blow(rng, leaf.lasting(1.25 if hard else 1.0))
        out = np.pad(out, (0, max(0, body.size + count_of(0.06) - out.size)))
        # The latch slides over its plate, the leaf meets the frame, and once more as it settles.
        arrives = 0.0 if hard else rng.uniform(0.012, 0.03)
        mix_at(out, unit_peak(body), count_of(arrives) if arrives else 0, 1.0)
        again = count_of(arrives + rng.uniform(0.03, 0.055))
        mix_at(out, unit_peak(blow(rng, leaf.lasting(0.6))), again, 0.35)
        mix_at(out, unit_peak(low), 0, 0.25 + 0.2 * force)
        air = bandpass(noise(rng, count), 90, 900) * burst(count, 0.002, 0.22)
        mix_at(out, unit_peak(air), 0, 0.3 * force)
        mix_at(
            out,
            self._metal(rng, (0.45 if hard else 0.6) * (0.4 + 0.6 * stroke.strength), force),
            count_of(rng.uniform(0.004, 0.02)),
        )
        rattles = int(1 + 4 * force)
        for delay in np.cumsum(rng.exponential(0.045, rattles)) + 0.03:
            mix_at(out, self._metal(rng, 0.2 * np.exp(-delay / 0.12)), count_of(float(delay)))
        return out

    def _open(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """Handle goes down, latch leaves the plate, and the leaf comes free."""
        out = np.zeros(count_of(0.9))
        mix_at(out, self._metal(rng, 0.75, stroke.strength), 0)
        delay = rng.uniform(0.09, 0.15)
        mix_at(out, self._metal(rng, 1.0, stroke.strength), count_of(delay))
        body = blow(rng, _LEAF[self.play.material].tilted(-0.5).lasting(0.8))
        mix_at(out, unit_peak(body), count_of(delay + 0.012), 0.6)
        free = strike(rng, self.leaf, 0.003, place=(0.15, 0.4), grain=0.3, dense=0.8, longest_s=0.4)
        mix_at(out, unit_peak(free), count_of(delay + 0.01), 0.5 * (0.3 + stroke.strength))
        if self.play.variant == "open":
            swing = self._swing(rng, count_of(0.6), 0.5)
            mix_at(out, unit_peak(swing), count_of(delay + 0.08), 0.3)
        return out

    def _swing(self, rng: np.random.Generator, count: int, intensity: float) -> Wave:
        """Hinges creak as the leaf turns: slips that speed up and slow down with it."""
        motion = arch(count, rng.uniform(0.3, 0.55), 0.8)
        motion = motion * (1 + 0.35 * drift(rng, count, 3.0)).clip(0.05)
        top = 10 + 40 * self.play.speed
        train = slips(rng, 5 + top * motion, 0.35, motion**0.7)
        place = rng.uniform(0.2, 0.4)
        creak = scipy.signal.fftconvolve(train, resonance(self.hinge, place, 0.0005, 0.05))[:count]
        leaf = scipy.signal.fftconvolve(train, resonance(self.leaf, place, 0.002, 0.08))[:count]
        air = bandpass(noise(rng, count), 120, 1200) * motion
        return unit_rms(creak) + 0.5 * unit_rms(leaf) + (0.1 + 0.1 * intensity) * unit_rms(air)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """The swing, or the roll of a sliding door."""
        if self.play.variant != "sliding":
            swings = [self._swing(rng, stretch.count, stretch.intensity)]
            return np.repeat(np.stack(swings), stretch.channels, axis=0)
        count = stretch.count
        motion = arch(count, 0.4, 0.5)
        rollers = swelling(rng, motion * (1 + 0.4 * drift(rng, count, 30.0)).clip(0.1), _ROLLERS)
        beats = np.flatnonzero(np.diff(np.floor(np.cumsum(26 * motion) / SAMPLE_RATE)) > 0)
        energy = np.zeros(count)
        energy[beats] = rng.uniform(0.2, 1.0, beats.size)
        seams = dense(rng, energy, _ROLLERS.lasting(1.5))
        wave = unit_rms(rollers) + 0.7 * unit_rms(seams)
        stop = unit_peak(blow(rng, _LEAF["wood"].tilted(0.5)))
        mix_at(wave, stop, max(0, count - count_of(0.35)), 4.0)
        return np.repeat(wave[None], stretch.channels, axis=0)
