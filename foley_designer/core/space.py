"""Acoustic spaces: where a scene takes place, with the numbers that reverberation needs."""

from enum import StrEnum
from typing import NamedTuple


class Space(StrEnum):
    """Spaces that a scene can take place in."""

    OPEN_FIELD = "open_field"
    FOREST = "forest"
    STREET = "street"
    ALLEY = "alley"
    SMALL_ROOM = "small_room"
    LIVING_ROOM = "living_room"
    KITCHEN = "kitchen"
    BATHROOM = "bathroom"
    WORKSHOP = "workshop"
    CORRIDOR = "corridor"
    STAIRWELL = "stairwell"
    HALL = "hall"
    CHURCH = "church"
    CAVE = "cave"
    CAR = "car"
    UNDERWATER = "underwater"
    UNKNOWN = "unknown"
    """Neither words nor frames say where: kept dry, so that nothing wrong is heard."""


class Acoustics(NamedTuple):
    """Typical acoustics of a space at mid frequencies."""

    rt60_s: float
    """Reverberation time."""
    size_m: tuple[float, float, float]
    """Length, width, height; for outdoor spaces the nearest reflecting surfaces."""
    damping: float
    """High-frequency absorption, 0 bright to 1 dull."""
    outdoors: bool


ACOUSTICS: dict[Space, Acoustics] = {
    Space.OPEN_FIELD: Acoustics(0.15, (80.0, 80.0, 40.0), 0.8, True),
    Space.FOREST: Acoustics(0.5, (40.0, 40.0, 20.0), 0.8, True),
    Space.STREET: Acoustics(0.7, (60.0, 18.0, 15.0), 0.5, True),
    Space.ALLEY: Acoustics(0.9, (30.0, 4.0, 12.0), 0.35, True),
    Space.SMALL_ROOM: Acoustics(0.3, (3.5, 3.0, 2.5), 0.6, False),
    Space.LIVING_ROOM: Acoustics(0.45, (6.0, 4.5, 2.6), 0.6, False),
    Space.KITCHEN: Acoustics(0.55, (4.5, 3.5, 2.6), 0.35, False),
    Space.BATHROOM: Acoustics(0.8, (3.0, 2.2, 2.5), 0.15, False),
    Space.WORKSHOP: Acoustics(0.8, (10.0, 8.0, 4.0), 0.4, False),
    Space.CORRIDOR: Acoustics(0.9, (18.0, 2.2, 2.7), 0.35, False),
    Space.STAIRWELL: Acoustics(1.6, (5.0, 4.0, 12.0), 0.25, False),
    Space.HALL: Acoustics(1.6, (30.0, 20.0, 9.0), 0.4, False),
    Space.CHURCH: Acoustics(3.5, (40.0, 20.0, 15.0), 0.4, False),
    Space.CAVE: Acoustics(2.2, (20.0, 12.0, 7.0), 0.3, False),
    Space.CAR: Acoustics(0.1, (2.5, 1.6, 1.2), 0.8, False),
    Space.UNDERWATER: Acoustics(1.0, (15.0, 15.0, 5.0), 0.95, False),
    Space.UNKNOWN: Acoustics(0.2, (5.0, 4.0, 2.6), 0.8, False),
}


def sound_speed(space: Space) -> float:
    """Metres a second: 343 in air at 20 °C, 1480 in water."""
    return 1480.0 if space is Space.UNDERWATER else 343.0
