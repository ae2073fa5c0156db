"""Parts: clauses and sentences of items, and the items that rules put in their place."""

from foley_designer.agents.reviser.grammar.chunk import is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.scope import is_break
from foley_designer.agents.reviser.grammar.words import Reading


def clauses(items: Items) -> list[tuple[Items, Items]]:
    """Clauses, each with the signs and words that divide it from the one before."""
    parts: list[tuple[Items, Items]] = [([], [])]
    for item in items:
        divides = item.text in ".;!?," or (is_break(item) and item.has("conj"))
        if divides and parts[-1][1]:
            parts.append(([], []))
        (parts[-1][0] if divides else parts[-1][1]).append(item)
    return parts


def sentences(items: Items) -> list[tuple[Items, Items]]:
    """Sentences, each with the sign that divides it from the one before."""
    parts: list[tuple[Items, Items]] = [([], [])]
    for item in items:
        divides = item.text in ".;!?"
        if divides and parts[-1][1]:
            parts.append(([], []))
        (parts[-1][0] if divides else parts[-1][1]).append(item)
    return parts


def joined(items: Items) -> Items:
    """Sentences that only name something, with a comma to the next one: "The hens? Too much"."""
    parts = sentences(items)
    found: Items = []
    for place, (lead, body) in enumerate(parts):
        before = parts[place - 1][1] if place else []
        names = bool(before) and all(calls(item) or is_silent(item) for item in before)
        names = names and any(calls(item) and not item.has("pron") for item in before)
        alone = not any(calls(item) and not item.has("pron") for item in body)
        found += [Item(",")] if names and alone and lead else lead
        found += body
    return found


def word(text: str, kind: str, value: str = "") -> Item:
    """A word that is read in one way."""
    return Item(text, (Reading(kind, value),))


def times(factor: float) -> Item:
    """``0.5 times``."""
    return Item(f"{factor:g} times", kind="amount", value=factor, unit="times")


def decibels(db: float) -> Item:
    """``+6.02 dB``."""
    return Item(f"{db:+g} dB", kind="amount", value=db, unit="db")


def calls(item: Item) -> bool:
    """Whether an item says what sounds, or points to it."""
    return item.kind == "nth" or any(
        item.has(kind) for kind in ("name", "noun", "card", "hitword", "pron")
    )


COUNTED = ("nth", "every", "at", "times", "range")
"""Kinds of items that choose hits or stretches of what is named."""
