"""Scope: what a sentence leaves alone or excepts, found before anything is divided."""

from typing import NamedTuple

from foley_designer.agents.reviser.grammar.chunk import LostError, is_change, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.words import Reading


class Scope(NamedTuple):
    """A sentence with its scope taken out."""

    rest: Items
    protected: tuple[Items, ...] = ()
    """Phrases of what must stay as it is."""
    excepted: tuple[Items, ...] = ()
    """Phrases of what the sentence's own target does not mean."""


def scoped(items: Items) -> Scope:
    """Take "don't touch X but", "keep X as it is", "but X", "except X", "not X, but" out.

    Raises:
        LostError: it forbids something that is no leaving alone.
    """
    rest, protected = _protected(list(items))
    if any(not is_silent(item) for item in rest):
        protected = [one for one in protected if not _only_points(one)]  # "lock it, it's perfect"
    hits = [one for one in protected if _counts(one)]
    protected = [one for one in protected if one not in hits]
    rest, refused = _refused(rest)
    rest, excepted = _excepted(rest)
    return Scope(rest, tuple(protected), (*excepted, *refused, *hits))


def _only_points(phrase: Items) -> bool:
    """Whether a phrase is "it" alone."""
    return all(item.has("pron", "it") or is_silent(item) for item in phrase)


def _counts(phrase: Items) -> bool:
    """Whether a phrase is about hits of what was named beside it: "the last is fine"."""
    counted = any(item.kind in ("nth", "every") for item in phrase)
    named = any(item.has(kind) for item in phrase for kind in ("name", "noun", "card"))
    return counted and not named


def is_break(item: Item) -> bool:
    """Whether a clause can end before an item."""
    if item.has("name"):
        return False
    return item.text == "," or (not item.kind and (item.has("conj")))


def _protected(items: Items) -> tuple[Items, list[Items]]:
    """Clauses that say what stays."""
    found: list[Items] = []
    clauses = split(items)
    rest: Items = []
    for clause in clauses:
        body = [item for item in clause if not is_break(item)]
        forbids = next((n for n, item in enumerate(body) if item.has("neg", "dont")), -1)
        keeps = next(
            (n for n, item in enumerate(body) if item.has("keep") and not item.has("name")), -1
        )
        if any(item.has("fine") for item in body) and all(map(_content, body)):
            continue  # "it's fine, leave it"
        if keeps >= 0 and (alone := _kept_alone(body, keeps)):
            rest += alone
        elif forbids >= 0:
            if not any(item.has("touch") for item in body):
                raise LostError("That says what not to do, and asks for nothing.")
            found.append(
                [i for i in body if not (i.has("neg") or i.has("touch") or i.has("verb", "do"))]
            )
        elif keeps >= 0 and not any(
            is_change(i) and not i.has("verb", "do") and not i.has("is") for i in body
        ):
            kept = [i for n, i in enumerate(body) if n != keeps and not i.has("as_is")]
            found.append([i for i in kept if not i.has("verb", "do")])
        elif any(i.has("as_is") for i in body) and not any(
            is_change(i) and not i.has("is") and not i.has("verb", "do") for i in body
        ):
            found.append([i for i in body if not i.has("as_is") and not i.has("verb", "do")])
        else:
            rest += clause
    return rest, [phrase for phrase in found if any(not is_silent(item) for item in phrase)]


def _kept_alone(body: Items, keeps: int) -> Items:
    """``keep the first pop only`` as "lose the pops except the first"; empty if it is none."""
    parts = [item for item in body if item.kind in ("nth", "every", "at", "times", "range")]
    if not parts or not any(item.has("only") for item in body):
        return []
    named = [n for n, item in enumerate(body) if item.has("name") or item.has("noun")]
    words = [body[n] for n in named if n > keeps and not (body[n].has("hitword") and keeps == 0)]
    words = [body[n] for n in named if n < keeps] or words
    lose = Item("lose", (Reading("verb", "remove"),))
    return [lose, *words, Item("except", (Reading("except", ""),)), *parts]


def _content(item: Item) -> bool:
    return item.has("fine") or item.has("pron") or is_silent(item)


def split(items: Items) -> list[Items]:
    """Clauses, each with the break before it."""
    clauses: list[Items] = [[]]
    for number, item in enumerate(items):
        begun = any(not is_break(one) for one in clauses[-1])
        if is_break(item) and begun and not _joins(items, number):
            clauses.append([])
        clauses[-1].append(item)
    joined: list[Items] = []
    for clause in clauses:
        if joined and (_qualifies(clause) or _measures(clause, joined[-1])):
            joined[-1] = joined[-1] + clause
        elif clause:
            joined.append(clause)
    return joined


def _qualifies(clause: Items) -> bool:
    """Whether a clause only says where or when: it belongs to the one before it."""
    body = [item for item in clause if not is_break(item)]
    if any(item.kind == "nth" for item in body) and all(_restricts(item) for item in body):
        return True
    placed = [
        item.kind == "at"
        or item.has("place")
        or (item.has("side") and item.text[:3] in ("on ", "in ", "fro", "at ", "auf", "sur", "a l"))
        for item in body
    ]
    return bool(placed) and all(placed)


def _restricts(item: Item) -> bool:
    """Whether a word may stand in "but only on the last two"."""
    led = item.has("walk") or item.has("onwards") or item.has("for")
    return item.kind == "nth" or item.has("only") or led or is_silent(item)


def _measures(clause: Items, before: Items) -> bool:
    """Whether a clause only says by how much: "the street down, 3 dB or so"."""
    body = [item for item in clause if not is_break(item) and not is_silent(item)]
    sized = ("amount", "over")
    return (
        bool(body)
        and all(item.kind in sized or (item.has("deg") and not item.has("dim")) for item in body)
        and not any(item.kind in sized for item in before)
    )


def _joins(items: Items, place: int) -> bool:
    """Whether "but" at a place goes with "all" before it."""
    return items[place].has("conj", "but") and _after_all(items, place)


def _after_all(items: Items, place: int) -> bool:
    """Whether a word for all stands before a place, with nothing wanted in between."""
    for item in reversed(items[:place]):
        if item.has("quant", "all", "whole") or item.has("layer"):
            return True
        if is_change(item) or item.text == ",":
            return False
    return False


def _refused(items: Items) -> tuple[Items, list[Items]]:
    """``not the cop, Leo ...``: what a sentence begins by turning down."""
    body = [n for n, item in enumerate(items) if not is_silent(item)]
    if not body or not items[body[0]].has("neg", "not"):
        return items, []
    end = next((n for n in range(body[0] + 1, len(items)) if is_break(items[n])), -1)
    if end < 0:
        return items, []
    phrase = items[body[0] + 1 : end]
    if any(is_change(item) for item in phrase):
        return items, []
    return items[end + 1 :], [phrase]


def _excepted(items: Items) -> tuple[Items, list[Items]]:
    """``everything but the rain``, ``except the last one``, ``but not the door``."""
    rest: Items = []
    found: list[Items] = []
    place = 0
    while place < len(items):
        item = items[place]
        but = item.has("conj", "but") and not item.has("name")
        if but and (size := _denied(items, place)):
            found += _listed(items[place + 1 : place + size])
            place += size + 1
            continue
        negated = but and place + 1 < len(items) and items[place + 1].has("neg", "not")
        less = item.has("mod", "less") and place and items[place - 1].has("conj", "and")
        if (item.has("except") and not less) or (but and (_after_all(items, place) or negated)):
            place += 2 if negated else 1
            phrase: Items = []
            while place < len(items) and not _ends(items, place):
                phrase.append(items[place])
                place += 1
            found += _listed(phrase)
            while rest and rest[-1].text == ",":
                rest.pop()
            continue
        rest.append(item)
        place += 1
    return rest, found


def _denied(items: Items, place: int) -> int:
    """How many items "but the third not" has between its first and last word; 0 for none."""
    body = items[place + 1 :]
    end = next((n for n, item in enumerate(body) if is_break(item) or item.text in ".;!?"), None)
    body = body[:end]
    if len(body) < 2 or not body[-1].has("neg", "not") or any(map(is_change, body[:-1])):
        return 0
    return len(body)


def _listed(phrase: Items) -> list[Items]:
    """The single phrases of "the nurse and the monitor"."""
    parts: list[Items] = [[]]
    for item in phrase:
        if is_break(item):
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if any(not is_silent(item) for item in part)]


def _ends(items: Items, place: int) -> bool:
    """Whether the phrase of an exception is over."""
    item = items[place]
    if item.text == ",":
        after = items[place + 1 :]
        listed = after and (after[0].has("name") or after[0].has("noun"))
        return not (listed and any(i.has("conj") for i in after) and not any(map(is_change, after)))
    if is_change(item) and not item.has("quant") and item.kind != "at":
        return True
    if item.kind == "num" and item.text[0] in "+-":
        return True
    if item.has("by") and place + 1 < len(items) and items[place + 1].kind in ("amount", "num"):
        return True
    if item.has("conj") and not item.has("name"):
        after = items[place + 1 :]
        return any(is_change(one) for one in after) and any(is_change(one) for one in items[:place])
    return item.has("verb", "do") and not item.has("name")
