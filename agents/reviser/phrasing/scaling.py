"""Scaling: twice, half, a third, at so many percent."""

import math

from foley_designer.agents.reviser.grammar.chunk import is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.phrasing.parts import COUNTED, calls, decibels, times, word

_SIZES = {"half": 0.5, "halve": 0.5, "third": 1 / 3, "quarter": 0.25, "double": 2.0}


def scaled(body: Items) -> list[Items]:
    """``halve the distance``, ``Nina's trainers double the level``, ``the crowd at 50 %``."""
    found = _factor(body)
    if found is None:
        return []
    factor, gone = found
    rest = [item for n, item in enumerate(body) if n not in gone and not _is_amount_word(item)]
    dimension, rest = _dimension(rest)
    asked = [i for i in rest if not calls(i) and not is_silent(i) and i.kind not in COUNTED]
    if any(not _leads(item) for item in asked) or not (dimension or any(map(calls, rest))):
        return []
    named = [item for item in rest if not is_silent(item) and not _leads(item)]
    if dimension:
        return [[*named, *_sized(dimension, factor)]]
    if factor > 1:
        return []  # "double the bats": twice as many?
    if any(body[n].text.startswith("halv") for n in gone):
        return [[*named, *_sized(name, factor)] for name in ("level", "length")]
    return [[*named, *_sized("level", factor)]]


def _factor(body: Items) -> tuple[float, set[int]] | None:
    """How many times as much a clause asks for, and the places of the words that say so."""
    for place, item in enumerate(body):
        before = body[place - 1] if place else Item("")
        after = body[place + 1] if place + 1 < len(body) else Item("")
        alone = not (after.has("unit") or after.has("rel", "as") or after.has("eq"))
        plain = not item.has("name") and not after.has("dim")
        if (item.has("half") or item.has("half_as")) and alone and plain:
            return 0.5, {place, *([place - 1] if before.has("by") or before.has("to") else [])}
        if item.has("twice") and alone and plain and item.text != "twice as":
            return 2.0, {place}
        if item.kind == "amount" and item.unit == "pct" and before.has("by") and item.number < 100:
            way = next((one for one in body[:place] if one.has("dim", "level-", "level+")), None)
            if way is not None and any(one.has("param") for one in body):
                sign = -1 if way.has("dim", "level-") else 1
                return 1 + sign * item.number / 100, {place, place - 1}
        if item.kind == "amount" and item.unit == "pct":
            led = before.has("at") or before.has("to") or before.text == "only"
            if led and 0 < item.number <= 400:
                return item.number / 100, {place, place - 1}
    return None


def _is_amount_word(item: Item) -> bool:
    """Whether a verb only says that something is brought to a size."""
    lowering = item.has("dim", "level-", "dir-", "level+", "dir+")
    return item.has("verb", "do") or (lowering and not item.has("name")) or item.text == "of"


def _leads(item: Item) -> bool:
    return any(item.has(kind) for kind in ("to", "by", "for", "at", "walk", "wear"))


def _dimension(rest: Items) -> tuple[str, Items]:
    """What is scaled, and the words without it."""
    for place, item in enumerate(rest):
        if item.has("name"):
            continue
        name = item.reading("param")
        if item.text in ("the volume", "loudness", "volume", "the level", "the loudness"):
            name = "level"
        if item.text in ("distance", "length", "duration", "space"):
            name = {"duration": "length", "space": "distance"}.get(item.text, item.text)
        if name in ("level", "reverb", "speed", "distance", "length"):
            return name, rest[:place] + rest[place + 1 :]
    return "", rest


def _sized(name: str, factor: float) -> Items:
    """A factor in the words that the grammar has for it."""
    if name == "distance":
        return [times(factor), word("further", "dim", "distance+")]
    if name == "length":
        longer = word("longer", "dim", "length+"), word("shorter", "dim", "length-")
        return [times(factor), longer[0] if factor > 1 else longer[1]]
    if name == "speed":
        return [times(factor), word("speed", "param", "speed")]
    db = round(20 * math.log10(factor), 2)
    if name == "reverb":
        wetter = word("wetter", "dim", "reverb+"), word("drier", "dim", "reverb-")
        return [decibels(abs(db)), wetter[0] if db > 0 else wetter[1]]
    return [decibels(db)]
