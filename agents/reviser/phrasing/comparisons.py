"""Comparisons: the loudest, as loud as, louder than it should be."""

from foley_designer.agents.reviser.grammar.chunk import is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.phrasing.parts import COUNTED, calls, decibels, word


def superlative(body: Items) -> list[Items]:
    """``make the slam the loudest thing in the scene``: louder than everything else."""
    place = next((n for n, item in enumerate(body) if item.has("extreme")), -1)
    if place < 1 or not any(map(calls, body[:place])):
        return []
    tail = body[place + 1 :]
    if any(item.kind or not (_whole(item) or is_silent(item)) for item in tail):
        return []  # "the loudest shot" is a target
    way = "level+" if body[place].has("extreme", "loud") else "level-"
    named = [item for item in body[:place] if not is_silent(item)]
    more = word("louder" if way == "level+" else "quieter", "dim", way)
    rest = word("everything else", "quant", "else")
    return [[*named, more, word("than", "rel", "than"), rest]]


def _whole(item: Item) -> bool:
    """Whether a word only says "of all": "thing in the scene", "of them all"."""
    pointing = item.has("quant") or item.has("pron", "it") or item.has("wear") or item.has("at")
    return pointing or item.text in ("thing", "sound", "element", "one", "two", "three", "here")


def equal(body: Items) -> list[Items]:
    """``Tess and the guard at the same level``: the one as loud as the other, or the other way."""
    place = next((n for n, item in enumerate(body) if item.has("same")), -1)
    if place < 0:
        return []
    after = body[place + 1] if place + 1 < len(body) else Item("")
    loud = after.has("param", "level") or after.has("dim", "level+!", "level-!")
    if not (loud or "level" in body[place].text):
        return []
    names = [item for item in body if calls(item) and not item.has("pron")]
    if len(names) != 2:
        return []
    return [_as_loud(*names), _as_loud(*reversed(names))]


def _as_loud(one: Item, other: Item) -> Items:
    same = word("as", "rel", "as")
    return [one, same, word("loud", "dim", "level+!"), same, other]


def than_it_should(body: Items) -> list[Items]:
    """``twice as loud as it should be``: that much less of it."""
    end = next((n for n, item in enumerate(body) if item.text == "should be"), -1)
    if end < 3 or not body[end - 1].has("pron") or not body[end - 2].has("rel", "as", "than"):
        return []
    head = body[: end - 2]
    for place, item in enumerate(head):
        for value in ("level+", "level+!"):
            if item.has("dim", value):
                named = [one for one in head[:place] if calls(one) or one.kind in COUNTED]
                size = 2.0 if any(one.has("twice") for one in head) else 1.0
                return (
                    [[*named, decibels(-10.0)]]
                    if size > 1
                    else [[*named, word("quieter", "dim", "level-")]]
                )
            if item.has("dim", "level-") or item.has("dim", "level-!"):
                named = [one for one in head[:place] if calls(one) or one.kind in COUNTED]
                return [[*named, word("louder", "dim", "level+")]]
    return []


def complained(body: Items) -> list[Items]:
    """``the alarm is louder than the shots, that can't be``: the one down, or the other up."""
    than = next((n for n, item in enumerate(body) if item.has("rel", "than")), -1)
    if than < 2 or not any(_denies(item) for item in body[than:]):
        return []
    value = next((v for v in ("level+", "level-") if any(i.has("dim", v) for i in body[:than])), "")
    if not value or not any(item.has("is") for item in body[:than]):
        return []
    end = next((n for n in range(than, len(body)) if body[n].text == ","), len(body))
    one = [item for item in body[:than] if calls(item)]
    other = [item for item in body[than + 1 : end] if calls(item)]
    if not one or not other:
        return []
    up, down = word("louder", "dim", "level+"), word("quieter", "dim", "level-")
    first, second = (down, up) if value == "level+" else (up, down)
    return [[*one, first], [*other, second]]


def _denies(item: Item) -> bool:
    return item.has("neg") or item.has("dislike") or item.text in ("wrong", "instead")
