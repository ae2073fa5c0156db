"""Actors that fall: balls that bounce, things that tumble."""

from collections.abc import Iterator

import numpy as np
from typing_extensions import override

from benchmarks.simulated.actors import Actor
from benchmarks.simulated.shapes import (
    Contact,
    Pose,
    Random,
    Vector,
    about,
    geom,
    moved,
    times,
    vector,
)


class Ball(Actor):
    """A ball falls and bounces, with what is left of its speed after each bounce."""

    label, action, extent = "ball", "impact", (1.6, 1.5)

    @override
    def build(self, rng: Random) -> None:
        self.radius = rng.uniform(0.04, 0.16)
        rest, self.start = rng.uniform(0.55, 0.88), rng.uniform(0.05, 0.5)
        self.height = rng.uniform(0.5, 1.3)
        reach = rng.uniform(-0.7, 0.7)
        self.way = vector(reach, rng.normal() * 0.2, 0) / self.seconds
        self.origin = self.at - self.way * self.seconds / 2
        speed, now = np.sqrt(2 * 9.81 * self.height), self.start
        now += speed / 9.81
        self.flights = []
        while now < self.seconds and speed > 0.25:
            self.flights.append((now, speed * rest, speed))
            speed *= rest
            now += 2 * speed / 9.81
        self.contacts = tuple(Contact(time, fast) for time, _, fast in self.flights)

    @override
    def bodies(self) -> str:
        return moved(f"{self.name}ball", geom("sphere", (self.radius,), f"{self.name}a"))

    @override
    def place(self, time_s: float) -> Vector:
        moving = max(time_s - self.start, 0)
        index = int(np.searchsorted([one[0] for one in self.flights], time_s, "right"))
        if index == 0:
            height = self.height - 9.81 * moving**2 / 2
        else:
            hit, up, _ = self.flights[index - 1]
            height = up * (time_s - hit) - 9.81 * (time_s - hit) ** 2 / 2
        return self.origin + self.way * moving + vector(0, 0, max(height, 0) + self.radius)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        turn = times(about((0, 1, 0), 3 * time_s), about((1, 0, 0), 2 * time_s))
        yield Pose(f"{self.name}ball", self.place(time_s), turn)


class Drop(Actor):
    """Things fall, tumble and come to rest by MuJoCo's dynamics.

    Their contacts are learnt from the simulation; see ``simulated.film``.
    """

    label, action, extent = "drop", "impact", (1.2, 1.4)
    apart_s = 0.06
    """A thing that lands again sooner than this settles rather than strikes: one sound."""
    softest = 0.25
    """Slowest approach in metres a second that counts as a strike."""

    @override
    def build(self, rng: Random) -> None:
        count = int(rng.choice([1, 2], p=[0.75, 0.25]))
        self.things = {}
        for index in range(count):
            size = rng.uniform(0.03, 0.11, 3)
            kind = str(rng.choice(["box", "cylinder", "capsule", "ellipsoid"]))
            size = size if kind in {"box", "ellipsoid"} else size[:2]
            where = self.at + vector(rng.normal() * 0.2, rng.normal() * 0.15, rng.uniform(0.7, 1.4))
            turn = rng.normal(size=4)
            hard = -rng.uniform(2, 12)
            released = rng.uniform(0.2, max(self.seconds - 1.2, 0.4))
            self.things[f"{self.name}thing{index}"] = (
                kind, tuple(size), where, turn / np.linalg.norm(turn), hard, float(released),
            )  # fmt: skip

    @override
    def bodies(self) -> str:
        text = ""
        for name, (kind, size, where, turn, hard, _) in self.things.items():
            text += (
                f'<body name="{name}" pos="{where[0]} {where[1]} {where[2]}" '
                f'quat="{" ".join(map(str, turn))}"><freejoint/><geom name="{name}" type="{kind}" '
                f'size="{" ".join(map(str, size))}" material="{self.name}a" density="400" '
                f'solref="-4000 {hard}" friction=".6 .01 .001"/></body>'
            )
        return text

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        del time_s
        yield from ()

    @override
    def place(self, time_s: float) -> Vector:
        moments, places = self.path
        return vector(*(np.interp(time_s, moments, places[:, axis]) for axis in range(3)))

    def learn(self, moments: Vector, places: dict[str, Vector], found: list[Contact]) -> None:
        """Take what the simulation did: paths of the things, and contacts."""
        kept: list[Contact] = []
        for one in sorted(found):
            if one.strength >= self.softest and (
                not kept or one.time_s - kept[-1].time_s >= self.apart_s
            ):
                kept.append(one)
        self.contacts = tuple(kept)
        self.path = (moments, np.mean(list(places.values()), axis=0))
