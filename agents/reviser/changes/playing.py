"""Performing: shoes, surfaces and materials that a clause wants a sound to be played with."""

from collections.abc import Iterator
from typing import Any

from foley_designer.agents.reviser.changes.making import Change, refuse_parts
from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.category import Subcategory
from foley_designer.core.revision.operations import ChangePerformance, Operation

STEPS = frozenset({Subcategory.HUMAN_STEPS, Subcategory.ANIMAL_STEPS})


def performed(rest: Items, targets: Targets, *, changed: bool) -> tuple[Items, Change | None]:
    """Divide words for shoes, surfaces and materials: those that say which sound, those wanted.

    Args:
        rest: what is left of a clause.
        targets: the script's sounds.
        changed: whether the clause wants something else already.

    Returns:
        The target's words, and the change to another way of playing.
    """
    wears = [n for n, item in enumerate(rest) if item.has("wear") or item.has("walk")]
    nouns = [item for item in rest if not item.has("attr")]
    pool = {event.id for event in targets.events}
    named = [item for item in nouns if any(item.has(k) for k in ("name", "noun", "card"))]
    for item in named:
        pool &= targets.naming.meant(item) or pool
    target: Items = []
    wanted: Items = []
    for place, item in enumerate(rest):
        if not item.has("attr"):
            sounding = item.has("name") or item.has("noun")
            if sounding or not (item.has("wear") or item.has("walk")):
                target.append(item)
            continue
        led = any(
            place > n
            and not any(rest[k].has("name") and not rest[k].has("attr") for k in range(n, place))
            for n in wears
        )
        fits = bool(targets.naming.meant(item) & pool)
        alone = not named and not led and place == 0 and len(rest) > 1
        common = targets.naming.meant(item) & pool == pool
        if fits and (changed or not led or alone or common):
            target.append(item)
        else:
            after = rest[place + 1] if place + 1 < len(rest) else item
            wanted.append(_of_the_shoe(item) if _is_shoe(after) else item)
    if not wanted:
        return target, None
    if changed and not any(item.has("wear") or item.has("walk") for item in rest) and not wears:
        raise LostError(f"Nothing here is called {' '.join(item.text for item in wanted)!r}.")
    return target, playing(wanted)


def _is_shoe(item: Item) -> bool:
    return any(one.value.startswith("variant=") for one in item.readings)


def _of_the_shoe(item: Item) -> Item:
    """A material before a shoe: wooden clogs are of wood, and on whatever they were."""
    if item.kind or _is_shoe(item):
        return item
    own = tuple(one for one in item.readings if not one.value.startswith("surface="))
    spelt = tuple(
        one._replace(value=one.value.replace("surface=", "material=")) for one in item.readings
    )
    return item._replace(readings=own if own else spelt)


def playing(wanted: Items) -> Change:
    """Played with these shoes, on this surface, of this material."""

    def make(target: Target) -> Iterator[Operation]:
        refuse_parts(target)
        fields = fields_of(wanted, target)
        yield ChangePerformance.model_validate({"event_id": target.event.id, **fields})

    return Change(make, name="play")


def fields_of(wanted: Items, target: Target) -> dict[str, Any]:
    """Fields of the performance that words set, by what the sound is.

    Raises:
        LostError: it can't be played so.
    """
    kind = target.event.subcategory
    fields: dict[str, Any] = {}
    for item in wanted:
        able = dict(one.value.split("=") for one in item.readings if one.kind == "attr")
        if kind is not Subcategory.HUMAN_STEPS:
            able.pop("variant", None)
        order = ("variant", "surface", "material") if kind in STEPS else ("material", "surface")
        field = next((name for name in order if name in able), "")
        if not field:
            raise LostError(f"{target.event.label} can't be played {item.text!r}.")
        fields[field] = able[field]
    return fields
