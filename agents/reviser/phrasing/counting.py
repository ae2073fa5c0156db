"""Counting: only these hits, fewer, the one at the start."""

from foley_designer.agents.reviser.grammar.chunk import is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.phrasing.parts import word


def only_these(body: Items) -> list[Items]:
    """``clock: only odd ticks``, ``the crow only at 9``: the others go."""
    if not any(item.has("only") for item in body):
        return []
    parts = [item for item in body if item.kind in ("nth", "every", "at", "times")]
    named = [item for item in body if item.has("name") or item.has("noun") or item.has("card")]
    plain = (*parts, *named)
    left = [item for item in body if item not in plain and not is_silent(item)]
    if not parts or not named or any(not _may_stand(item) for item in left):
        return []
    lose, but = word("lose", "verb", "remove"), word("except", "except")
    return [
        [lose, *[item for item in named if not item.has("hitword") or len(named) == 1], but, *parts]
    ]


def _may_stand(item: Item) -> bool:
    once = item.text in ("once", "twice", "there", "one", "ones")
    return item.text == "," or item.has("only") or item.has("keep") or item.has("hitword") or once


def at_an_end(body: Items) -> list[Items]:
    """``the bell at the start``: its first one."""
    for place, item in enumerate(body):
        edge = item.reading("edge")
        named = place > 0 and any(body[place - 1].has(k) for k in ("name", "noun", "hitword"))
        if not edge or not named or not item.text.startswith("at the"):
            continue
        if any(one.has("verb", "fade", "fade_in", "fade_out") for one in body):
            return []
        count = Item(item.text, kind="nth", value=(1.0 if edge == "in" else -1.0,))
        return [[*body[:place], count, *body[place + 1 :]]]
    return []


def thinned(body: Items) -> list[Items]:
    """``thin the halyards out``: some of them go, or some of their low end."""
    first = next((item for item in body if not is_silent(item)), Item(""))
    thin = first.text in ("thin", "thin out")
    named = [item for item in body if item.has("name") or item.has("noun") or item.has("card")]
    if not thin or not named or any(item.kind for item in body) or len(named) == len(body):
        return []
    lose, less = word("lose", "verb", "remove"), word("less", "mod", "less")
    second = Item("every second", kind="every", value="2")
    third = Item("every third", kind="every", value="3")
    return [
        [lose, third, *named],
        [lose, second, *named],
        [*named, less, word("weight", "eq", "weight")],
    ]


def fewer(body: Items) -> list[Items]:
    """``one gull fewer at the start``, ``fewer barks``: hits go."""
    less = [n for n, item in enumerate(body) if n and item.text == "less"]
    one_less = any(body[n - 1].text == "one" for n in less)
    if not one_less and not any(item.text == "fewer" for item in body):
        return []
    named = [item for item in body if item.has("name") or item.has("noun") or item.has("hitword")]
    parts = [item for item in body if item.kind in ("nth", "at", "times")]
    edge = next((item.reading("edge") for item in body if item.has("edge")), "")
    if edge and not parts:
        parts = [Item(edge, kind="nth", value=(1.0 if edge == "in" else -1.0,))]
    lose = word("lose", "verb", "remove")
    if parts:
        return [[lose, *parts, *named]]
    return [[lose, Item("every second", kind="every", value="2"), *named]] * 2 if named else []
