"""The actors of yardstick clips: bodies that move by simple physics and know when they sound."""

from typing import ClassVar, Protocol

import numpy as np

from benchmarks.yardstick.stage import Brush, Point

Colour = tuple[int, int, int]
GRAVITY = 9.81


def _colour(rng: np.random.Generator, low: Colour, high: Colour) -> Colour:
    blue, green, red = rng.uniform(low, high)
    return int(blue), int(green), int(red)


class Actor(Protocol):
    """One source: where it is, when it sounds and how it looks."""

    label: str
    depth_m: float

    def onsets(self, seconds: float) -> tuple[float, ...]:
        """Instants at which it sounds before ``seconds``."""

    def place(self, time_s: float) -> Point:
        """Where the sound comes from."""

    def draw(self, brush: Brush, time_s: float) -> None:
        """Draw it as it is at a time."""


class Walker:
    """A person in profile who walks across: feet alternate and rest on the ground in stance."""

    label = "walker"
    SWING: ClassVar[float] = 0.8
    """Share of a step that the swinging foot is in the air; the rest is double support."""

    def __init__(self, rng: np.random.Generator, depth_m: float = 5.0, start_m: float = -2.1):
        self.depth_m, self.start_m = depth_m, start_m
        self.step_s = float(rng.uniform(0.5, 0.6))
        self.stride_m = float(rng.uniform(0.36, 0.42))
        self.first_s = float(rng.uniform(0.25, 0.4))
        self.dark: Colour = (50, 40, 35)
        self.coat = _colour(rng, (90, 30, 30), (170, 70, 80))

    def onsets(self, seconds: float) -> tuple[float, ...]:
        """Heel strikes."""
        return tuple(np.arange(self.first_s, seconds, self.step_s).tolist())

    def _foot(self, index: int, time_s: float) -> tuple[float, float]:
        """X of one foot (index 0 or 1), and its height over the ground."""
        step = (time_s - self.first_s) / self.step_s
        landed = int(np.floor((step - index) / 2)) * 2 + index
        ground = self.start_m + landed * self.stride_m + 0.5 * self.stride_m
        share = (step - landed - (2 - self.SWING)) / self.SWING
        if share <= 0:
            return ground, 0.0
        reach = share * share * (2.2 - 1.2 * share)
        return ground + 2 * self.stride_m * reach, 0.14 * np.sin(np.pi * share**0.8)

    def _hip(self, time_s: float) -> Point:
        step = (time_s - self.first_s) / self.step_s
        bob = -0.018 * np.cos(2 * np.pi * step)
        return Point(self.start_m + step * self.stride_m, 0.94 + bob, self.depth_m)

    def place(self, time_s: float) -> Point:
        """Below the hip, on the ground."""
        return self._hip(time_s)._replace(y=0.45)

    def draw(self, brush: Brush, time_s: float) -> None:
        """Legs by two-bone geometry, trunk, swinging arms and head."""
        hip = self._hip(time_s)
        step = (time_s - self.first_s) / self.step_s
        swing = np.sin(np.pi * step)
        shoulder = Point(hip.x + 0.05, hip.y + 0.52, hip.z)
        self._arm(brush, shoulder, -swing)
        for index in (0, 1):
            x, height = self._foot(index, time_s)
            ankle = Point(x, 0.08 + height, hip.z)
            knee = _joint(hip, ankle, 0.455)
            brush.limb(hip, knee, 0.16, self.dark)
            brush.limb(knee, ankle, 0.12, self.dark)
            brush.limb(ankle, Point(x + 0.16, 0.05 + height, hip.z), 0.09, (25, 25, 60))
        brush.limb(hip, shoulder, 0.32, self.coat)
        self._arm(brush, shoulder, swing)
        brush.disc(Point(shoulder.x + 0.03, shoulder.y + 0.25, hip.z), 0.12, (140, 170, 210))

    def _arm(self, brush: Brush, shoulder: Point, swing: float) -> None:
        elbow = Point(shoulder.x + 0.16 * swing, shoulder.y - 0.26, shoulder.z)
        hand = Point(elbow.x + 0.05 + 0.14 * swing, elbow.y - 0.22, shoulder.z)
        brush.limb(shoulder, elbow, 0.1, self.coat)
        brush.limb(elbow, hand, 0.08, (130, 160, 200))


def _joint(hip: Point, ankle: Point, bone_m: float) -> Point:
    """The knee of two equal bones, bent forward."""
    x, y = ankle.x - hip.x, ankle.y - hip.y
    length = float(np.hypot(x, y))
    bend = np.sqrt(max(bone_m**2 - length**2 / 4, 0.0))
    return Point(hip.x + x / 2 - bend * y / length, hip.y + y / 2 + bend * x / length, hip.z)


class Hammer:
    """A forearm with a hammer: raised slowly, swung faster and faster, stopped by the anvil."""

    label = "hammer"

    def __init__(self, rng: np.random.Generator, depth_m: float = 2.6, x_m: float = 0.35):
        self.depth_m, self.x_m = depth_m, x_m
        self.period_s = float(rng.uniform(0.55, 0.75))
        gaps = self.period_s * rng.uniform(0.93, 1.07, 2000)
        self.hits = float(rng.uniform(0.3, 0.5)) + np.cumsum(np.r_[0.0, gaps])
        self.heights = rng.uniform(0.85, 1.15, self.hits.size)

    def onsets(self, seconds: float) -> tuple[float, ...]:
        """Blows on the anvil."""
        return tuple(self.hits[self.hits < seconds].tolist())

    def _lift(self, time_s: float) -> float:
        """Angle of the arm above contact, radians."""
        after = int(np.searchsorted(self.hits, time_s))
        gap = self.hits[after] - (self.hits[after - 1] if after else -0.3)
        share = 1 - (self.hits[after] - time_s) / gap
        top = 0.9 * self.heights[after]
        if share < 0.16:
            return float(0.1 * np.sin(np.pi * share / 0.16))
        if share < 0.72:
            return float(top * (0.5 - 0.5 * np.cos(np.pi * (share - 0.16) / 0.56)))
        return float(top * (1 - ((share - 0.72) / 0.28) ** 2))

    def place(self, time_s: float) -> Point:  # noqa: ARG002 (it stays)
        """The face of the anvil."""
        return Point(self.x_m, 0.9, self.depth_m)

    def draw(self, brush: Brush, time_s: float) -> None:
        """Anvil, arm, handle and head."""
        face = self.place(time_s)
        anvil = [
            Point(face.x + dx, face.y + dy, face.z)
            for dx, dy in ((-0.16, 0.0), (0.16, 0.0), (0.1, -0.5), (-0.1, -0.5))
        ]
        brush.shape(anvil, (70, 66, 62))
        lift = self._lift(time_s)
        elbow = Point(face.x + 0.62, face.y + 0.1, face.z)
        along = np.array([-np.cos(lift), np.sin(lift)])
        across = np.array([-np.sin(lift), -np.cos(lift)])
        at = [Point(elbow.x + r * along[0], elbow.y + r * along[1], face.z) for r in (0.33, 0.66)]
        brush.limb(elbow, at[0], 0.11, (120, 150, 200))
        brush.limb(at[0], at[1], 0.035, (40, 90, 140))
        ends = [
            Point(at[1].x + s * across[0] - 0.04 * along[0], at[1].y + s * across[1], face.z)
            for s in (-0.06, 0.055)
        ]
        brush.limb(ends[0], ends[1], 0.09, (50, 50, 55))


class Ball:
    """A ball that bounces under gravity, loses height, and is thrown up again."""

    label = "ball"
    RADIUS_M: ClassVar[float] = 0.13

    def __init__(self, rng: np.random.Generator, depth_m: float = 4.0, start_m: float = -0.9):
        self.depth_m, self.start_m = depth_m, start_m
        self.drift = float(rng.uniform(0.1, 0.25))
        high = float(rng.uniform(1.2, 1.5))
        heights = high * np.tile(0.7 ** np.arange(4), 500)
        self.speeds = np.sqrt(2 * GRAVITY * heights)
        fall = np.sqrt(2 * high / GRAVITY)
        self.hits = fall + np.cumsum(np.r_[0.0, 2 * self.speeds / GRAVITY])

    def onsets(self, seconds: float) -> tuple[float, ...]:
        """Bounces."""
        return tuple(self.hits[self.hits < seconds].tolist())

    def place(self, time_s: float) -> Point:
        """The ball's centre."""
        last = int(np.searchsorted(self.hits, time_s, "right")) - 1
        if last < 0:
            speed, since = 0.0, time_s
            height = GRAVITY * self.hits[0] ** 2 / 2
        else:
            speed, since, height = self.speeds[last], time_s - self.hits[last], 0.0
        y = height + speed * since - GRAVITY * since**2 / 2
        x = self.start_m + self.drift * time_s
        return Point(x, self.RADIUS_M + max(float(y), 0.0), self.depth_m)

    def draw(self, brush: Brush, time_s: float) -> None:
        """A disc with a patch."""
        centre = self.place(time_s)
        brush.disc(centre, self.RADIUS_M, (40, 110, 220))
        brush.disc(Point(centre.x - 0.03, centre.y + 0.04, centre.z), 0.04, (90, 170, 250))


class Car:
    """A car that passes from left to right; it rolls and has no onsets."""

    label = "car"

    def __init__(self, rng: np.random.Generator, depth_m: float = 9.0, start_m: float = -11.0):
        self.depth_m, self.start_m = depth_m, start_m
        self.speed = float(rng.uniform(3.6, 4.4))
        self.paint = _colour(rng, (30, 30, 120), (90, 80, 200))

    def onsets(self, seconds: float) -> tuple[float, ...]:  # noqa: ARG002 (it never hits)
        """None: its sound is continuous."""
        return ()

    def place(self, time_s: float) -> Point:
        """The middle of its body."""
        return Point(self.start_m + self.speed * time_s, 0.7, self.depth_m)

    def draw(self, brush: Brush, time_s: float) -> None:
        """Body, cabin and turning wheels."""
        middle = self.place(time_s)
        for outline, colour in (
            (((-2.0, 0.3), (2.0, 0.3), (2.1, 0.75), (1.3, 0.9), (-1.9, 0.9)), self.paint),
            (((-1.3, 0.9), (0.9, 0.9), (0.4, 1.4), (-0.9, 1.4)), (120, 110, 100)),
        ):
            corners = [Point(middle.x + dx, y, middle.z) for dx, y in outline]
            brush.shape(corners, colour)
        for axle in (-1.25, 1.25):
            hub = Point(middle.x + axle, 0.33, middle.z)
            brush.disc(hub, 0.33, (25, 25, 25))
            turn = -self.speed * time_s / 0.33
            spoke = Point(hub.x + 0.2 * np.cos(turn), hub.y + 0.2 * np.sin(turn), hub.z)
            brush.limb(hub, spoke, 0.08, (170, 170, 170))


class Flash:
    """A light that bursts and fades, such as a firework."""

    label = "flash"

    def __init__(self, rng: np.random.Generator, depth_m: float = 20.0, x_m: float = -2.0):
        self.depth_m, self.x_m = depth_m, x_m
        gaps = rng.uniform(0.9, 1.6, 1000)
        self.hits = float(rng.uniform(0.5, 0.8)) + np.cumsum(np.r_[0.0, gaps])

    def onsets(self, seconds: float) -> tuple[float, ...]:
        """Bursts."""
        return tuple(self.hits[self.hits < seconds].tolist())

    def place(self, time_s: float) -> Point:  # noqa: ARG002 (it stays)
        """The middle of the burst."""
        return Point(self.x_m, 4.0, self.depth_m)

    def draw(self, brush: Brush, time_s: float) -> None:
        """A disc that grows and fades within a third of a second."""
        last = int(np.searchsorted(self.hits, time_s, "right")) - 1
        age = time_s - self.hits[last] if last >= 0 else np.inf
        if age > 0.35:
            return
        glow = 1 - age / 0.35
        spot = np.zeros_like(brush.canvas)
        Brush(spot, brush.view).disc(self.place(time_s), 1.0 + 3 * age, (230, 245, 255))
        lit = brush.canvas.astype(np.float32) + glow * (spot.astype(np.float32) + 25.0)
        brush.canvas[:] = np.minimum(lit, 255).astype(np.uint8)


ACTORS: dict[str, type[Walker] | type[Hammer] | type[Ball] | type[Car] | type[Flash]] = {
    "walker": Walker,
    "hammer": Hammer,
    "ball": Ball,
    "car": Car,
    "flash": Flash,
}
