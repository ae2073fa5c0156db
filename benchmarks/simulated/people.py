"""People in simulated film: walkers, and hands that play keys."""

from collections.abc import Iterator

import numpy as np
from typing_extensions import override

from benchmarks.simulated.actors import Actor, Swing, beats
from benchmarks.simulated.shapes import (
    UPRIGHT,
    Contact,
    Pose,
    Random,
    Vector,
    about,
    along,
    geom,
    moved,
    rod,
    still,
    turned,
    vector,
)

ARRIVES = 0.85
"""Part of a smooth swing after which a foot meets the ground: it still moves on then."""


def _reach(done: float) -> float:
    """How far a smooth movement from rest to rest has come."""
    return 3 * done**2 - 2 * done**3


def _tilt(into: float) -> float:
    """How far toes point up, radians, by steps since a foot's strike.

    The heel strikes with the toes up, the sole is down a twelfth of the stride later, the heel is
    lifted before the foot is (Perry, Gait Analysis, 1992).
    """
    return float(np.radians(np.interp(into, (0, 0.16, 0.7, 1.2, 1.6, 2), (20, 0, 0, -40, 0, 20))))


class Walker(Actor):
    """A body of capsules walks; a foot stands still from its strike until it is lifted."""

    label, action, extent = "walker", "steps", (2.2, 1.9)

    @override
    def build(self, rng: Random) -> None:
        self.leg = rng.uniform(0.75, 0.95)
        self.pace = rng.uniform(1.3, 2.6)
        stride = self.leg * rng.uniform(0.5, 0.85)
        toward = rng.choice([0.0, np.pi]) + rng.normal() * 0.5
        if rng.random() < 0.2:
            toward = rng.choice([-1, 1]) * np.pi / 2 + rng.normal() * 0.3
        self.heading = about((0, 0, 1), toward)
        self.stride, self.lift = stride, rng.uniform(0.06, 0.16)
        self.heels, self.skirt = bool(rng.random() < 0.3), bool(rng.random() < 0.3)
        self.shift = rng.uniform(0, 1)
        first = int(np.ceil(self._phase(0.0)))
        last = int(np.floor(self._phase(self.seconds)))
        hits = [(step - self.shift) / self.pace for step in range(first, last + 1)]
        speed = 1.5 * self.lift * self.pace + 0.5 * stride * self.pace
        self.contacts = tuple(Contact(time, speed) for time in hits if time > 0.02)

    def _phase(self, time_s: float) -> float:
        return time_s * self.pace + self.shift

    def _gone(self, phase: float) -> float:
        return self.stride * (phase - self._phase(self.seconds) / 2)

    def _foot(self, side: int, time_s: float) -> Vector:
        """The ankle, in the walker's own frame: x ahead, y to the left."""
        phase = self._phase(time_s)
        step = int(np.floor((phase - side) / 2)) * 2 + side  # this foot's last strike
        into, stance = phase - step, 1.2
        x = self._gone(step) + self.stride * 0.5
        z = 0.0
        if into > stance:
            swing = (into - stance) / (2 - stance)
            x += 2 * self.stride * _reach(swing * ARRIVES) / _reach(ARRIVES)
            z = self.lift * np.sin(np.pi * swing)
        return vector(x, 0.09 if side else -0.09, z + 0.08)

    def _joints(self, time_s: float) -> dict[str, tuple[Vector, Vector]]:
        phase = self._phase(time_s)
        bob = 0.02 * np.cos(2 * np.pi * phase)
        hip = vector(self._gone(phase), 0, self.leg + 0.04 + bob)
        neck = hip + vector(0.03, 0, 0.55)
        limbs = {"trunk": (hip, neck), "head": (neck + vector(0, 0, 0.16),) * 2}
        for side in (0, 1):
            ankle = self._foot(side, time_s)
            root = hip + vector(0, 0.09 if side else -0.09, 0)
            limbs[f"thigh{side}"], limbs[f"shin{side}"] = self._bend(root, ankle)
            tilt = _tilt((phase - side) % 2)
            toe = turned(about((0, 1, 0), -tilt), vector(0.2, 0, 0))
            heel = ankle + vector(-0.06, 0, -0.04 + 0.2 * max(-np.sin(tilt), 0.0))
            limbs[f"foot{side}"] = (heel, heel + toe)
            swing = 0.5 * np.sin(np.pi * (phase - side)) * min(self.pace / 2, 1)
            shoulder = neck + vector(0, 0.2 if side else -0.2, -0.06)
            elbow = shoulder + 0.29 * vector(np.sin(swing), 0, -np.cos(swing))
            hand = elbow + 0.27 * vector(np.sin(swing + 0.4), 0, -np.cos(swing + 0.4))
            limbs[f"upper{side}"], limbs[f"lower{side}"] = (shoulder, elbow), (elbow, hand)
        return limbs

    def _bend(self, hip: Vector, ankle: Vector) -> tuple[tuple[Vector, Vector], ...]:
        """Thigh and shin by the cosine rule, the knee ahead."""
        half, line = self.leg * 0.52, ankle - hip
        far = min(float(np.linalg.norm(line)), 2 * half * 0.999)
        way = line / max(float(np.linalg.norm(line)), 1e-9)
        side = np.cross(way, [0.0, 1.0, 0.0])
        knee = hip + way * far / 2 + side * np.sqrt(half**2 - far**2 / 4)
        return (hip, knee), (knee, hip + way * far)

    @override
    def bodies(self) -> str:
        look = {"trunk": "a", "thigh": "b", "shin": "b", "upper": "a", "lower": "skin", "foot": "c"}
        thick = {"trunk": 0.15, "thigh": 0.075, "shin": 0.05, "upper": 0.05, "lower": 0.04,
                 "foot": 0.045}  # fmt: skip
        text = moved(f"{self.name}head", geom("ellipsoid", (0.09, 0.085, 0.12), f"{self.name}skin"))
        for limb, (start, end) in self._joints(0.0).items():
            kind = limb.rstrip("01")
            if kind == "head":
                continue
            half = float(np.linalg.norm(end - start)) / 2
            solid = geom("capsule", (thick[kind], half), self.name + look[kind])
            if kind == "trunk" and self.skirt:
                solid += geom("cylinder", (0.24, 0.22), self.name + "a", vector(0, 0, -0.45))
            text += moved(self.name + limb, solid)
        return text

    def _world(self, point: Vector) -> Vector:
        return self.at + turned(self.heading, point)

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        for limb, (start, end) in self._joints(time_s).items():
            a, b = self._world(start), self._world(end)
            turn = self.heading if limb == "head" else along(a, b)
            yield Pose(self.name + limb, (a + b) / 2, turn)

    @override
    def place(self, time_s: float) -> Vector:
        return self._world(vector(self._gone(self._phase(time_s)), 0, 0.05))


class Keys(Actor):
    """Fingers press keys that go down under them."""

    label, action, extent = "keys", "impact", (0.5, 0.5)
    count = 10

    @override
    def build(self, rng: Random) -> None:
        self.stand = 0.3
        strokes = beats(rng, self.seconds, 12.0, 1.5)
        self.deep, self.pitch = rng.uniform(0.006, 0.014), rng.uniform(0.02, 0.03)
        self.hands = int(rng.integers(1, 3))
        fingers = rng.integers(0, 4 * self.hands, len(strokes))
        reach, up = rng.uniform(0.25, 0.6), rng.uniform(0.12, 0.25)
        self.swings, found = [], []
        for finger in range(4 * self.hands):
            own = tuple(t for t, who in zip(strokes, fingers, strict=True) if who == finger)
            swing = Swing(own, reach, up, True)
            self.swings.append(swing)
            found += [Contact(time, 0.07 * swing.speed(k)) for k, time in enumerate(own)]
        self.contacts = tuple(sorted(found))

    def _key(self, finger: int) -> Vector:
        gap = 0.0 if self.hands == 1 else 0.05
        x = (finger - (4 * self.hands - 1) / 2) * self.pitch + (gap if finger > 3 else -gap)
        return self.at + vector(x, 0, self.stand)

    @override
    def bodies(self) -> str:
        board = geom("box", (0.25, 0.1, self.stand / 2), f"{self.name}b",
                     vector(0, 0.03, self.stand / 2 - 0.02))  # fmt: skip
        text, skin = still(self.at, board), f"{self.name}skin"
        for finger in range(len(self.swings)):
            text += moved(
                f"{self.name}key{finger}",
                geom("box", (self.pitch * 0.45, 0.04, 0.012), f"{self.name}a"),
            )
            text += moved(
                f"{self.name}finger{finger}",
                rod(vector(0, -0.075, 0.01), vector(0, -0.035, 0.022), 0.008, skin),
                rod(vector(0, -0.035, 0.022), vector(0, 0, 0.008), 0.0075, skin),
            )
        for hand in range(self.hands):
            text += moved(
                f"{self.name}palm{hand}",
                geom("ellipsoid", (0.045, 0.05, 0.018), skin, vector(0, -0.11, 0.015)),
                rod(vector(0, -0.15, 0.015), vector(0, -0.4, 0.05), 0.032, skin),
            )
        return text

    @override
    def poses(self, time_s: float) -> Iterator[Pose]:
        for finger, swing in enumerate(self.swings):
            key, angle = self._key(finger), swing(time_s)
            down = self.deep * np.exp(-angle / 0.08)
            yield Pose(f"{self.name}key{finger}", key - vector(0, 0, down), UPRIGHT)
            top = key + vector(0, -0.02, 0.012 - down)
            turn = about((1, 0, 0), angle)
            knuckle = vector(0, -0.075, 0.01)
            yield Pose(f"{self.name}finger{finger}", top + knuckle - turned(turn, knuckle), turn)
        for hand in range(self.hands):
            middle = (self._key(4 * hand) + self._key(4 * hand + 3)) / 2
            yield Pose(f"{self.name}palm{hand}", middle + vector(0, -0.02, 0.012), UPRIGHT)

    @override
    def place(self, time_s: float) -> Vector:
        del time_s
        return self.at + vector(0, 0, self.stand)


class Waver(Walker):
    """A person who stands and moves the arms without a sound."""

    label, action = "waver", "silent"

    @override
    def build(self, rng: Random) -> None:
        super().build(rng)
        self.contacts = ()
        self.law = (rng.uniform(0.3, 1.0), rng.uniform(2, 5))

    def _joints(self, time_s: float) -> dict[str, tuple[Vector, Vector]]:
        limbs = super()._joints(-self.shift / self.pace)
        middle = limbs["trunk"][0] * vector(1, 0, 0)
        limbs = {name: (a - middle, b - middle) for name, (a, b) in limbs.items()}
        reach, pace = self.law
        angle = 1.2 + reach * float(np.sin(pace * time_s))
        shoulder = limbs["upper0"][0]
        elbow = shoulder + 0.29 * vector(np.sin(angle), 0, -np.cos(angle))
        hand = elbow + 0.27 * vector(np.sin(angle + 0.8), 0, -np.cos(angle + 0.8))
        limbs["upper0"], limbs["lower0"] = (shoulder, elbow), (elbow, hand)
        return limbs

    @override
    def place(self, time_s: float) -> Vector:
        del time_s
        return self.at + vector(0, 0, 1.2)
