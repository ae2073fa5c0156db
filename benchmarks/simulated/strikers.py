"""Actors that strike: arms with tools, drummers, doors."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from typing_extensions import override

from benchmarks.simulated.actors import Actor, Swing, beats
from benchmarks.simulated.shapes import (
    Contact,
    Pose,
    Random,
    Vector,
    about,
    geom,
    moved,
    rod,
    still,
    times,
    turned,
    vector,
)


class Striker(Actor):
    """One or two arms strike a thing on a stand: hammers, sticks, knives, bare hands on drums."""

    label, action, extent = "strike", "impact", (1.1, 1.3)
    arms: ClassVar[int] = 1
    fastest: ClassVar[float] = 4.5

    @override
    def build(self, rng: Random) -> None:
        self.yaw = rng.choice([0.0, np.pi]) + rng.normal() * 0.5
        self.stand = rng.uniform(0.5, 0.8)
        self.thick = rng.uniform(0.05, 0.15)
        self.tool = str(rng.choice(["hammer", "stick", "knife", "hand"]))
        self.target = str(rng.choice(["box", "cylinder"]))
        strokes = beats(rng, self.seconds, self.fastest, 0.5)
        reach, up = rng.uniform(0.4, 1.0), rng.uniform(0.25, 0.7)
        self.parts = []
        found = []
        for arm in range(self.arms):
            own = strokes[arm :: self.arms]
            swing = Swing(own, reach, up, bool(rng.random() < 0.4))
            self.parts.append((swing, (arm - (self.arms - 1) / 2) * 0.22))
            found += [Contact(time, swing.speed(k) * 0.5) for k, time in enumerate(own)]
        self.contacts = tuple(sorted(found))

    @property
    def _reach(self) -> float:
        return 0.38 if self.tool == "hand" else 0.62

    @override
    def bodies(self) -> str:
        half = self.stand / 2
        top = self.stand - self.thick
        size = (0.14, 0.14, half) if self.target == "box" else (0.14, half)
        text = still(
            self.at,
            geom("box", (0.2, 0.2, top / 2), f"{self.name}b", vector(0, 0, top / 2)),
            geom(self.target, (*size[:-1], self.thick / 2), f"{self.name}a",
                 vector(0, 0, top + self.thick / 2)),
            turn=about((0, 0, 1), self.yaw),
        )  # fmt: skip
        for arm in range(len(self.parts)):
            text += moved(f"{self.name}arm{arm}", *self._arm())
        return text

    def _arm(self) -> Iterator[str]:
        """Along +x from the elbow at the origin; the tip's lower side lies at z = 0."""
        skin = f"{self.name}skin"
        yield rod(vector(0, 0, 0.04), vector(0.27, 0, 0.04), 0.04, skin)
        yield geom("ellipsoid", (0.06, 0.045, 0.025), skin, vector(0.32, 0, 0.03))
        if self.tool == "hand":
            for finger in range(4):
                side = (finger - 1.5) * 0.02
                yield rod(vector(0.35, side, 0.02), vector(0.42, side * 1.2, 0.008), 0.008, skin)
            return
        look = f"{self.name}c"
        yield rod(vector(0.3, 0, 0.03), vector(0.6, 0, 0.03), 0.012, look)
        if self.tool == "hammer":
            yield geom("box", (0.03, 0.03, 0.05), look, vector(0.62, 0, 0.05))
        elif self.tool == "knife":
            yield geom("box", (0.14, 0.004, 0.03), look, vector(0.56, 0, 0.03))

    def _pose(self, arm: int, time_s: float) -> tuple[Vector, Vector]:
        swing, side = self.parts[arm]
        yaw = about((0, 0, 1), self.yaw)
        elbow = self.at + turned(yaw, vector(-self._reach, side, self.stand + 0.004))
        angle = swing(time_s)
        return elbow + vector(0, 0, 0.12 * angle), times(yaw, about((0, 1, 0), -angle))

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        for arm in range(len(self.parts)):
            yield Pose(f"{self.name}arm{arm}", *self._pose(arm, time_s))

    @override
    def place(self, time_s: float) -> Vector:
        del time_s
        return self.at + vector(0, 0, self.stand)


class Drummer(Striker):
    """Two arms in turn."""

    label, arms, fastest = "drum", 2, 9.0


class Door(Actor):
    """A door swings on its hinge and falls shut."""

    label, action, extent = "door", "impact", (1.4, 2.1)

    @override
    def build(self, rng: Random) -> None:
        self.hinge = float(rng.choice([-1, 1]))
        shut = np.cumsum(rng.uniform(0.9, 1.8, 6))
        shut = tuple(float(time) for time in shut if time < self.seconds - 0.15)
        self.swing = Swing(shut, rng.uniform(0.5, 1.4), rng.uniform(0.7, 1.1), True)
        self.contacts = tuple(Contact(t, self.swing.speed(k) * 0.8) for k, t in enumerate(shut))

    @override
    def bodies(self) -> str:
        frame = f"{self.name}b"
        sides = [geom("box", (0.05, 0.08, 1.0), frame, vector(x, 0, 1.0)) for x in (-0.46, 0.46)]
        top = geom("box", (0.51, 0.08, 0.05), frame, vector(0, 0, 2.05))
        leaf = geom("box", (0.4, 0.025, 0.99), f"{self.name}a", vector(-self.hinge * 0.4, 0, 0.99))
        knob = geom("sphere", (0.04,), f"{self.name}c", vector(-self.hinge * 0.7, -0.06, 1.0))
        return still(self.at, *sides, top) + moved(f"{self.name}leaf", leaf, knob)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        turn = about((0, 0, 1), self.hinge * self.swing(time_s))
        yield Pose(f"{self.name}leaf", self.at + vector(self.hinge * 0.4, 0, 0), turn)

    @override
    def place(self, time_s: float) -> Vector:
        del time_s
        return self.at + vector(-self.hinge * 0.3, 0, 1.0)
