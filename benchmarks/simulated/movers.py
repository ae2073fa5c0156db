"""Actors that go on: what rolls, is pushed, drives past or sways."""

from collections.abc import Iterator

import numpy as np
from typing_extensions import override

from benchmarks.simulated.actors import Actor
from benchmarks.simulated.shapes import (
    UPRIGHT,
    Contact,
    Pose,
    Random,
    Vector,
    about,
    geom,
    moved,
    rod,
    still,
    turned,
    vector,
)


class Roller(Actor):
    """A ball or a can rolls over the ground, slows down, and sometimes meets a block."""

    label, action, extent = "roll", "continuous", (2.2, 0.8)

    @override
    def build(self, rng: Random) -> None:
        self.radius = rng.uniform(0.05, 0.16)
        self.shape = str(rng.choice(["sphere", "cylinder"]))
        self.side = float(rng.choice([-1, 1]))
        self.start = rng.uniform(0.2, 0.8)
        speed, length = rng.uniform(0.5, 1.6), rng.uniform(1.2, 2.0)
        slowing = speed**2 / (2 * length)
        self.law = (speed, slowing)
        self.stop = self.start + speed / slowing
        self.block = None
        if rng.random() < 0.5:
            far = length * rng.uniform(0.4, 0.8)
            gone = (speed - np.sqrt(speed**2 - 2 * slowing * far)) / slowing
            self.block, self.stop = far, self.start + gone
            if self.stop < self.seconds - 0.1:
                self.contacts = (Contact(self.stop, speed - slowing * gone),)
        self.spans = ((self.start, min(self.stop, self.seconds)),)

    def _gone(self, time_s: float) -> float:
        moving = np.clip(time_s, self.start, self.stop) - self.start
        speed, slowing = self.law
        back = 0.15 * (1 - np.exp(-4 * max(time_s - self.stop, 0))) if self.block else 0.0
        return float(speed * moving - slowing * moving**2 / 2 - back * 0.5)

    @override
    def bodies(self) -> str:
        size = (self.radius,) if self.shape == "sphere" else (self.radius, self.radius * 1.5)
        upright = {"euler": "90 0 0"} if self.shape == "cylinder" else {}
        text = moved(f"{self.name}roll", geom(self.shape, size, f"{self.name}a", **upright))
        if self.block is not None:
            x = self.side * (self.block - 1.0 + self.radius + 0.06)
            where = self.at + vector(x, 0, 0.15)
            text += still(where, geom("box", (0.06, 0.25, 0.15), f"{self.name}b"))
        return text

    @override
    def place(self, time_s: float) -> Vector:
        return self.at + vector(self.side * (self._gone(time_s) - 1.0), 0, self.radius)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        angle = self.side * self._gone(time_s) / self.radius
        yield Pose(f"{self.name}roll", self.place(time_s), about((0, 1, 0), angle))


class Scraper(Actor):
    """A hand pushes a thing to and fro over a table."""

    label, action, extent = "scrape", "continuous", (1.0, 1.2)

    @override
    def build(self, rng: Random) -> None:
        self.stand, self.reach = rng.uniform(0.5, 0.8), rng.uniform(0.08, 0.3)
        edges = [float(rng.uniform(0.1, 0.6))]
        while edges[-1] < self.seconds:
            edges.append(edges[-1] + rng.uniform(0.25, 0.9))
            edges.append(edges[-1] + (0.0 if rng.random() < 0.5 else rng.uniform(0.1, 0.8)))
        self.strokes = [
            (a, min(b, self.seconds), k % 2) for k, (a, b) in
            enumerate(zip(edges[::2], edges[1::2], strict=False)) if a < self.seconds - 0.2
        ]  # fmt: skip
        self.spans = tuple((a, b) for a, b, _ in self.strokes)

    def _x(self, time_s: float) -> float:
        x = -self.reach
        for begin, end, back in self.strokes:
            if time_s < begin:
                break
            done = np.clip((time_s - begin) / (end - begin), 0, 1)
            there = self.reach * (1 - np.cos(np.pi * done))
            x = self.reach - there if back else -self.reach + there
        return float(x)

    @override
    def bodies(self) -> str:
        table = (0.5, 0.25, self.stand / 2)
        skin = f"{self.name}skin"
        hand = (
            geom("box", (0.08, 0.05, 0.03), f"{self.name}a", vector(0, 0, 0.03)),
            geom("ellipsoid", (0.06, 0.045, 0.03), skin, vector(0, 0, 0.08)),
            rod(vector(0, 0, 0.1), vector(-0.25, 0.1, 0.3), 0.04, skin),
        )
        return still(
            self.at, geom("box", table, f"{self.name}b", vector(0, 0, self.stand / 2))
        ) + moved(f"{self.name}hand", *hand)

    @override
    def place(self, time_s: float) -> Vector:
        return self.at + vector(self._x(time_s), 0, self.stand)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        yield Pose(f"{self.name}hand", self.place(time_s), UPRIGHT)


class Car(Actor):
    """A car drives past."""

    label, action, extent = "car", "pass", (7.0, 2.0)

    @override
    def build(self, rng: Random) -> None:
        self.side = float(rng.choice([-1, 1]))
        self.speed = rng.uniform(3, 9)
        self.middle_s = rng.uniform(0.35, 0.65) * self.seconds
        self.slant = rng.normal() * 0.15
        self.spans = ((0.0, self.seconds),)

    @override
    def bodies(self) -> str:
        name, solids = self.name, []
        solids.append(geom("box", (1.9, 0.8, 0.35), f"{name}a", vector(0, 0, 0.65)))
        solids.append(geom("box", (1.0, 0.7, 0.28), f"{name}b", vector(-0.1, 0, 1.25)))
        for x in (-1.2, 1.2):
            for y in (-0.75, 0.75):
                place = vector(x, y, 0.32)
                solids.append(geom("cylinder", (0.32, 0.1), f"{name}c", place, euler="90 0 0"))
        return moved(f"{name}car", *solids)

    @override
    def place(self, time_s: float) -> Vector:
        x = self.side * self.speed * (time_s - self.middle_s)
        return self.at + vector(x, x * self.slant, 0.5)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        turn = about((0, 0, 1), float(np.arctan(self.slant)))
        yield Pose(f"{self.name}car", self.place(time_s) - vector(0, 0, 0.5), turn)


class Pendulum(Actor):
    """A hanging thing sways without a sound."""

    label, action, extent = "sway", "silent", (0.8, 2.0)

    @override
    def build(self, rng: Random) -> None:
        self.law = (rng.uniform(0.1, 0.5), rng.uniform(2, 6), rng.uniform(0, 6))

    @override
    def bodies(self) -> str:
        cord = rod(vector(0, 0, 0), vector(0, 0, -1), 0.01, f"{self.name}b")
        bob = geom("ellipsoid", (0.12, 0.12, 0.2), f"{self.name}a", vector(0, 0, -1.1))
        return moved(f"{self.name}cord", cord, bob)

    def _turn(self, time_s: float) -> Vector:
        reach, pace, phase = self.law
        return about((0, 1, 0), reach * float(np.sin(pace * time_s + phase)))

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        yield Pose(f"{self.name}cord", self.at + vector(0, 0, 2.2), self._turn(time_s))

    @override
    def place(self, time_s: float) -> Vector:
        return self.at + vector(0, 0, 2.2) + turned(self._turn(time_s), vector(0, 0, -1.1))
