"""Which ambience belongs to which space."""

from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.space import ACOUSTICS, Space

ROOM = ("room",)
"""What a space without a bed of its own takes."""
BEDS: dict[Space, tuple[str, ...]] = {
    Space.OPEN_FIELD: ("field", "birds", "wind"),
    Space.FOREST: ("forest", "birds"),
    Space.STREET: ("city", "traffic"),
    Space.ALLEY: ("city", "traffic"),
    Space.UNDERWATER: ("underwater", "sea"),
    Space.CAVE: ("cave", "room"),
    Space.CAR: ("car", "traffic", "room"),
    Space.KITCHEN: ("kitchen", "room"),
    Space.WORKSHOP: ("workshop", "industrial", "room"),
    Space.HALL: ("hall", "room"),
    Space.CHURCH: ("church", "hall", "room"),
}
"""Variants of ambience cards that fit a space, best first; rooms take ``room``."""


def beds_of(space: Space) -> tuple[str, ...]:
    """Variants of ambience cards that fit a space, best first."""
    return BEDS.get(space, ROOM)


def is_elsewhere(card: Card, interior: bool | None) -> bool:
    """Whether a card is the ambience of places that this scene is not in.

    Args:
        card: any card; only ambiences are of places.
        interior: whether the scene plays indoors; None if nobody says.
    """
    variant = card.performance.variant
    if interior is None or card.subcategory is not Subcategory.AMBIENCE or variant is None:
        return False
    sides = {ACOUSTICS[space].outdoors for space in Space if variant == beds_of(space)[0]}
    return sides == {interior}
