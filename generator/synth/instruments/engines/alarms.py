"""Signals that are meant to be heard: bells at doors, alarms, beeps, horns and sirens."""

from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.physics.modal import ring
from foley_designer.generator.synth.physics.pulses import pulse_train
from foley_designer.generator.synth.physics.signals import (
    Wave,
    attack,
    bandpass,
    burst,
    count_of,
    drift,
    fade_edges,
    mix_at,
    noise,
    times,
    unit_peak,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


class Alarm(Sustained):
    """Small signals of the house."""

    words: ClassVar[Words] = Words(
        variants=("beep", "doorbell", "alarm"),
        surfaces=("plain",),
        materials=("plastic", "brass"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Its pitch."""
        hz = {"beep": 1200.0, "doorbell": 660.0, "alarm": 2050.0}[self.play.variant]
        self.hz = hz * 2.0 ** (1.2 * (0.5 - self.play.size)) * float(np.exp(rng.normal(0, 0.1)))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:  # noqa: ARG002
        """One beep, one ding-dong, one group of an alarm."""
        if self.play.variant == "doorbell":
            out = np.zeros(count_of(2.6))
            for at, ratio in ((0.0, 1.0), (rng.uniform(0.45, 0.7), 0.794)):
                hz = self.hz * ratio * np.array([1.0, 2.76, 5.40, 8.93])
                bar = ring(hz, np.array([2.0, 0.7, 0.3, 0.15]), np.array([1, 0.35, 0.2, 0.1]),
                           count_of(1.9))  # fmt: skip
                tap = bandpass(noise(rng, bar.size), 1500, 6000) * burst(bar.size, 0.0003, 0.02)
                mix_at(out, unit_peak(bar) + 0.2 * unit_peak(tap), count_of(at) if at else 0)
            return out
        if self.play.variant == "alarm":
            return self._group(rng, count_of(0.6))
        return self._tone(rng, count_of(0.09 + 0.12 * (1 - self.play.speed)), 0.004)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It goes on: groups of four, or one tone after another."""
        out = np.zeros(stretch.count)
        gap_s = {"beep": 0.5, "doorbell": 2.5, "alarm": 0.95}[self.play.variant]
        at = 0
        while at < stretch.count:
            mix_at(out, self.hit(Stroke(stretch.intensity), rng), at)
            at += count_of(gap_s)
        return np.repeat(unit_rms(out)[None], stretch.channels, axis=0)

    def _group(self, rng: np.random.Generator, count: int) -> Wave:
        out = np.zeros(count)
        for number in range(4):
            mix_at(
                out, self._tone(rng, count_of(0.07), 0.002), count_of(0.13 * number) * (number > 0)
            )
        return out

    def _tone(self, rng: np.random.Generator, count: int, edge_s: float) -> Wave:
        """A piezo disc or a small loudspeaker: odd harmonics, and what its case adds."""
        t = times(count) + rng.uniform(0.0, 1.0)
        wave = sum(
            np.sin(2 * np.pi * order * self.hz * t) / order**1.6
            for order in (1, 3, 5)
            if order * self.hz < 16_000
        )
        small = bandpass(noise(rng, count), 2000, 8000) * 0.004
        return fade_edges(np.asarray(wave) + small, edge_s, 2 * edge_s)


class Siren(Sustained):
    """A horn's membranes, and a siren that winds up and down."""

    words: ClassVar[Words] = Words(
        variants=("siren", "horn"), surfaces=("plain",), materials=("steel",)
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Pitches of this one."""
        self.scale = 2.0 ** (1.5 * (0.5 - self.play.size)) * float(np.exp(rng.normal(0, 0.05)))

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One press of the horn; half a turn of the siren."""
        count = count_of(0.35 + 0.5 * (1 - self.play.speed) * (0.5 + stroke.strength))
        if self.play.variant == "siren":
            return self._wail(rng, count_of(1.6)) * attack(count_of(1.6), 0.02)
        return fade_edges(self._horn(rng, count), 0.004, 0.03)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It wails, or is held."""
        sound = self._wail if self.play.variant == "siren" else self._horn
        return np.repeat(unit_rms(sound(rng, stretch.count))[None], stretch.channels, axis=0)

    def _horn(self, rng: np.random.Generator, count: int) -> Wave:
        """Two discs a third apart, buzzing at their stops, through their trumpets."""
        out = np.zeros(count)
        rise = 1.0 - 0.04 * np.exp(-times(count) / 0.03)
        for hz in (415.0, 510.0):
            wander = 1 + 0.001 * drift(rng, count, 5.0)
            cycles = np.cumsum(self.scale * hz * rise * wander) / SAMPLE_RATE
            out += pulse_train(cycles, hz * self.scale, 3800.0) - 0.2
        horn = bandpass(out - out.mean(), 350, 5500) + 0.35 * bandpass(out, 1400, 3600)
        return unit_rms(horn)

    def _wail(self, rng: np.random.Generator, count: int) -> Wave:
        """Slow sweeps between two pitches; an electronic source through a horn loudspeaker."""
        rate = 0.22 + 0.5 * self.play.speed
        phase = np.cumsum(np.full(count, rate)) / SAMPLE_RATE + rng.uniform(0, 0.3)
        up = 0.5 - 0.5 * np.cos(2 * np.pi * (phase % 1.0) ** 0.8)
        hz = self.scale * 620.0 * 2.35**up
        cycles = np.cumsum(hz) / SAMPLE_RATE
        wave = pulse_train(cycles, 900.0 * self.scale, 2600.0)
        horn = bandpass(wave - wave.mean(), 500, 3400)
        return unit_rms(horn) + 0.02 * noise(rng, count)
