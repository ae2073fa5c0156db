"""What acts in simulated film: each actor knows its bodies, its motion and its contacts."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from typing_extensions import override

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
    times,
    turned,
    vector,
)

Span = tuple[float, float]


class Actor(ABC):
    """One source.

    Args:
        name: unique in the scene; begins the names of its bodies.
        at: the place on the ground around which it acts, metres.
        seconds: length of the film.
        rng: the only source of chance.
    """

    label: ClassVar[str]
    action: ClassVar[str]
    """``impact``, ``steps``, ``continuous`` or ``pass``; ``silent`` for what makes no sound."""
    extent: ClassVar[tuple[float, float]]
    """Width and height that it needs, metres."""

    def __init__(self, name: str, at: Vector, seconds: float, rng: Random):
        self.name, self.at, self.seconds = name, at, seconds
        self.contacts: tuple[Contact, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.build(rng)

    @abstractmethod
    def build(self, rng: Random) -> None:
        """Draw sizes, looks and times."""

    @abstractmethod
    def bodies(self) -> str:
        """MJCF of its bodies."""

    @abstractmethod
    def poses(self, time_s: float) -> Iterator[Pose]:
        """Where its moved bodies are at an instant."""

    @abstractmethod
    def place(self, time_s: float) -> Vector:
        """The acting point: the tip, foot or ball that makes the sound, metres."""


def beats(rng: Random, seconds: float, fastest: float, slowest: float) -> tuple[float, ...]:
    """Times of strokes: a tempo with human unevenness, sometimes with pauses or free times."""
    rate = float(np.exp(rng.uniform(np.log(slowest), np.log(fastest))))
    uneven = rng.choice([0.01, 0.03, 0.1, 0.3])
    now, found = rng.uniform(0.2, 0.5 + 1 / rate), []
    while now < seconds - 0.1:
        found.append(now)
        pause = rng.uniform(0.6, 1.5) if rng.random() < 0.06 else 0.0
        now += max((1 + uneven * rng.normal()) / rate, 0.6 / fastest) + pause
    return tuple(found)


class Swing:
    """A height that falls to 0 at each of some times, fastest there, and rises between them.

    Args:
        at: contact times, seconds.
        reach: greatest height, in the user's unit.
        seconds_up: time that a full stroke takes; shorter gaps make lower strokes.
        waits_high: whether long pauses are spent raised.
    """

    def __init__(self, at: tuple[float, ...], reach: float, seconds_up: float, waits_high: bool):
        self._at, self._reach, self._up, self._high = at, reach, seconds_up, waits_high

    def _height(self, gap: float) -> float:
        return self._reach * min(1.0, (gap / self._up) ** 1.3)

    def speed(self, index: int) -> float:
        """Units a second with which a contact is approached."""
        gap = self._at[index] - self._at[index - 1] if index else self._up
        return 2 * self._height(gap) / min(0.4 * gap, 0.45 * self._up)

    def __call__(self, time_s: float) -> float:
        """The height at an instant."""
        index = int(np.searchsorted(self._at, time_s, "right"))
        before = self._at[index - 1] if index else -self._up
        after = self._at[index] if index < len(self._at) else np.inf
        gap = after - before
        top = self._height(min(gap, 10 * self._up))
        fall = min(0.4 * gap, 0.45 * self._up)
        rise = min(0.6 * gap, 0.8 * self._up)
        if time_s > after - fall:
            return float(top * (1 - ((time_s - after + fall) / fall) ** 2))
        done = (time_s - before) / rise
        if not self._high and np.isinf(after):
            return float(top * 0.3 * (1 - np.exp(-3 * done)))
        return float(top * np.sin(min(done, 1) * np.pi / 2) ** 1.5)


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
