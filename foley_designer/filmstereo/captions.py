"""Captions by grammar: what sounds, how far and where, how it moves, in which space."""

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.space import Space
from foley_designer.datasets.item import Motion, Size, Zone
from foley_designer.filmstereo.plan import FORCES, Task
from foley_designer.filmstereo.sources import Kind

SIDES = {
    45.0: ("far to the left", "on the far left", "at the left edge"),
    15.0: ("slightly to the left", "left of centre", "a little to the left"),
    0.0: ("straight ahead", "in the centre", "in the middle"),
    -15.0: ("slightly to the right", "right of centre", "a little to the right"),
    -45.0: ("far to the right", "on the far right", "at the right edge"),
}
"""Words for the regions."""
TOWARDS = {
    45.0: "to the far left",
    15.0: "to the left of centre",
    0.0: "to the centre",
    -15.0: "to the right of centre",
    -45.0: "to the far right",
}
DEPTHS = {
    Zone.NEAR: ("close by", "near", "close to us"),
    Zone.MID: ("a few metres away", "at a middle distance"),
    Zone.FAR: ("far away", "in the distance", "at a distance"),
}
SPACES = {
    Space.OPEN_FIELD: "in an open field",
    Space.FOREST: "in a forest",
    Space.STREET: "in a street",
    Space.ALLEY: "in a narrow alley",
    Space.SMALL_ROOM: "in a small room",
    Space.LIVING_ROOM: "in a living room",
    Space.KITCHEN: "in a kitchen",
    Space.BATHROOM: "in a bathroom",
    Space.WORKSHOP: "in a workshop",
    Space.CORRIDOR: "in a corridor",
    Space.STAIRWELL: "in a stairwell",
    Space.HALL: "in a large hall",
    Space.CHURCH: "in a church",
    Space.CAVE: "in a cave",
    Space.CAR: "inside a car",
    Space.UNDERWATER: "under water",
    Space.UNKNOWN: "close and dry",
}
_MANNERS = {FORCES[0]: "gentle", FORCES[2]: "forceful"}
_ORDER = (Zone.NEAR, Zone.MID, Zone.FAR)


def sound_words(task: Task) -> str:
    """What sounds, with size and force where they were chosen and are out of the usual."""
    words = []
    if task.source.kind is Kind.SYNTHESIS:
        words = [
            word
            for word in (
                "" if task.placing.size is Size.MEDIUM else task.placing.size.value,
                _MANNERS.get(task.placing.force, ""),
            )
            if word
        ]
    return ", ".join([task.source.sound, *words])


def caption(task: Task, rng: np.random.Generator) -> str:
    """One sentence; the same task and generator give the same words."""
    placing = task.placing
    sound = sound_words(task)
    space = SPACES[placing.space]
    if placing.around:
        ambient = task.source.subcategory is Subcategory.AMBIENCE  # it is the space
        return _sentence(f"{sound}, all around" + ("" if ambient else f", {space}"))
    here, there = placing.regions_deg
    side = SIDES[here][rng.integers(3)]
    depth = DEPTHS[placing.zones[0]][rng.integers(2)]
    place = f"{depth}, {side}" if rng.random() < 0.5 else f"{side}, {depth}"
    movements = []
    if placing.motion in (Motion.ACROSS, Motion.DIAGONAL):
        movements.append(f"moving {TOWARDS[there]}")
    if placing.motion in (Motion.ALONG, Motion.DIAGONAL):
        movements.append(_depth_movement(*placing.zones))
    moving = f", {' and '.join(movements)}" if movements else ""
    if rng.random() < 0.3:
        return _sentence(f"{space}, {sound}, {place}{moving}")
    return _sentence(f"{sound}, {place}{moving}, {space}")


def _depth_movement(first: Zone, last: Zone) -> str:
    if _ORDER.index(last) < _ORDER.index(first):
        return "coming closer"
    return f"going away {'far into the distance' if last is Zone.FAR else 'from us'}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
