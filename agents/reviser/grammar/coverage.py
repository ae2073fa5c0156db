"""Coverage: every word of a request says something that is done, or it is asked about."""

import re

from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.words import lexicon

_LEADING = ("to", "at", "by", "over", "from", "for", "wear", "walk", "rel", "onwards")
"""Words that lead a noun to the sound that they are said of: "wind *in* the trees"."""
_NAMING = ("name", "noun", "card", "attr", "hitword", "pron", "quant", "layer", "place", "side")
_TELLING = (("mod", "less", "toomuch", "enough", "noenough"), ("rel", "than", "as"), ("during",))
"""What changes the sense of a request wherever it stands, so that it is never passed over."""


def refuse_loose(rest: Items) -> None:
    """Refuse words that no target, scope or change took, and that mean something.

    Args:
        rest: what is left of a clause when its changes were read.

    Raises:
        LostError: a preposition leads no noun, or a word that turns the sense is left.
    """
    for item in rest:
        for kind, *values in _TELLING:
            if item.has(kind, *values) and not _names(item):
                raise LostError(f"What does {item.text!r} ask for here?")
    for place, item in enumerate(rest):
        if not is_loose(item) or not any(item.has(kind) for kind in _LEADING):
            continue
        after = rest[place + 1] if place + 1 < len(rest) else None
        if item.text in _PARTICLES and place > 1 and all(map(_sounding, rest[place - 2 : place])):
            continue  # "the alligator slides in more gently"
        led = after is not None and (
            _names(after) or after.kind in ("nth", "every", "at", "times", "range")
        )
        bound = item.has("rel") and not (place and any(_names(one) for one in rest[:place]))
        if not led or (bound and not item.has("rel", "with")):
            raise LostError(f"What does {item.text!r} belong to?")


def _sounding(item: Item) -> bool:
    return item.has("name") and not item.kind


def rejoined(clause: Items) -> Items:
    """Read "turn the fan off" as "turn off the fan", where such a phrase has its own meaning.

    The particle ends its clause, but for times, unless the verb alone says nothing; English alone
    parts its verbs so.
    """
    clause = _undivided(_verb_first(clause))
    for place, item in enumerate(clause):
        if not item.kind and not item.readings:
            for last in range(place + 2, len(clause)):
                if (joined := _joined(clause, place, last)) is not None:
                    return joined
    last = _last_word(clause)
    if last and _particle(clause[last]) in _PARTICLES and not clause[last].has("name"):
        for place, item in enumerate(clause[: last - 1]):
            if not item.has("name") and (joined := _joined(clause, place, last)) is not None:
                return joined
    return clause


def _undivided(clause: Items) -> Items:
    """Phrases that a degree stands in: "ring out a bit longer" as "a bit ring out longer"."""
    for place in range(len(clause) - 2):
        first, degree, last = clause[place : place + 3]
        if first.kind or last.kind or not degree.has("deg") or first.has("name"):
            continue
        words = [*first.text.split(), *last.text.split()]
        size, readings = lexicon("en").at(words, 0)
        if size == len(words) and not first.has("fill"):
            joined = Item(" ".join(words), readings)
            return [*clause[:place], degree, joined, *clause[place + 3 :]]
    return clause


def _last_word(clause: Items) -> int:
    """Place of the last word that is no amount, time, degree or filler; 0 for none."""
    for place in range(len(clause) - 1, 0, -1):
        item = clause[place]
        passing = item.has("deg") or item.has("by") or item.text.startswith("at the ")
        passing = passing or (item.has("fill") and item.text not in _PARTICLES)
        if not item.kind and item.text != "," and not passing:
            return place
    return 0


def _joined(clause: Items, place: int, last: int) -> Items | None:
    """A clause with a verb and its particle put together; None if they are no phrase."""
    verb, particle = clause[place].text, _particle(clause[last])
    if particle not in _PARTICLES:
        return None
    size, readings = lexicon("en").at([verb, particle], 0)
    if size != 2:
        return None
    rest = clause[place + 1 : last] + clause[last + 1 :]
    return [*clause[:place], Item(f"{verb} {particle}", readings), *rest]


def _particle(item: Item) -> str:
    """A particle, of "in at the top" as well."""
    return item.text.split()[0] if item.has("edge") else item.text


def _verb_first(clause: Items) -> Items:
    """A verb that opens a clause names no sound: "pull the monitor", though curtains are pulled."""
    place = next((n for n, i in enumerate(clause) if i.text != "," and not i.has("conj")), -1)
    if place < 0 or place + 2 >= len(clause):
        return clause
    item, after = clause[place], clause[place + 1]
    numbered = after.kind in ("num", "amount") and not item.has("name")  # "knock 5 off"
    led = after.text in _DETERMINERS and item.has("name")
    if not item.has("verb", "do") or not (numbered or led):
        return clause
    readings = tuple(one for one in item.readings if one.kind not in ("name", "hitword", "noun"))
    return [*clause[:place], item._replace(readings=readings), *clause[place + 1 :]]


_DETERMINERS = frozenset({"the", "that", "this", "his", "her", "its", "their"})
_PARTICLES = frozenset("off on out under in away up down back forward".split())  # noqa: SIM905


def is_remark(said: Items) -> bool:
    """Whether words tell why, and ask for nothing: "it is fighting the dialogue"."""
    if said and said[0].has("reason"):
        return True
    said = [item for item in said if not is_silent(item)]
    return bool(said) and said[0].has("pron") and all(is_unread(item) for item in said[1:])


def is_unread(item: Item) -> bool:
    """Whether an item is a word that means nothing here."""
    plain = re.fullmatch(r"[^\W\d_]+(?: .*)?", item.text)
    return not item.readings and not item.kind and bool(plain)


def is_loose(item: Item) -> bool:
    """Whether it says where, when or how much, and names nothing itself."""
    if item.kind or any(item.has(kind) for kind in ("name", "noun", "pron")):
        return False
    return any(item.has(kind) for kind in (*_LEADING, "mod", "during"))


def _names(item: Item) -> bool:
    return not item.kind and any(item.has(kind) for kind in _NAMING)
