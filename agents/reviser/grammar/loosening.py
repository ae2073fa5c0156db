"""Loosening: a request that can't be read to the last word, without what only tells why or how.

Nobody says "the neon down 3 dB" alone; they say that it drives them mad. A clause with words that
nobody knows, beside one that asks for something, is passed over; what is passed over is told.
"""

from collections.abc import Iterator
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.chunk import is_change, is_silent
from foley_designer.agents.reviser.grammar.coverage import is_unread
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.scope import is_break

_ASKING = frozenset(
    "make should must needs need let get have bring put give want would could".split()  # noqa: SIM905
)
_TURNING = ("neg", "except", "only", "keep", "touch", "every", "if", "or", "ask", "during")
"""What changes the sense of a request, so that it is never passed over."""
_LEADING = frozenset(
    {"for", "like", "as", "so", "as if", "as though", "just like", "instead of", "rather than"}
)
"""Words that lead a reason or a likeness, and neither ground, place nor time."""


class Looser(NamedTuple):
    """A request with less in it."""

    items: Items
    passed_over: str
    """The words that were left out."""


def loosened(items: Items) -> Iterator[Looser]:
    """Readings of a request without its remarks, likenesses and adverbs, the nearest first."""
    parts = _parts(items)
    remarks = [part for part in parts if _is_remark(part)]
    if remarks and len(remarks) < len(parts):
        yield Looser(_joined(parts), _text([item for part in remarks for item in part]))
        parts = [part for part in parts if part not in remarks]
    kept, gone = _trimmed(parts)
    if gone:
        told = [item for part in remarks for item in part] if len(remarks) < len(parts) else []
        yield Looser(kept, _text([*told, *gone]))


def _parts(items: Items) -> list[Items]:
    """Clauses with the signs and words before them that divide them."""
    parts: list[Items] = [[]]
    for item in items:
        if (is_break(item) or item.text in ".;!?" or item.has("reason")) and parts[-1]:
            parts.append([])
        parts[-1].append(item)
    return parts


def _is_remark(part: Items) -> bool:
    """Whether a clause asks for nothing, and has words that nobody knows or a likeness."""
    if any(item.kind and item.kind != "nth" and not _is_frequency(item) for item in part):
        return False
    if any(item.text in _ASKING for item in part):
        return False
    if any(item.has(kind) and not item.has("name") for item in part for kind in _TURNING):
        return False
    if any(item.has("verb") and not (item.has("verb", "do") or item.has("name")) for item in part):
        return False
    if any(item.has("dislike") or is_unread(item) or _is_frequency(item) for item in part):
        # "Korken lauter" is a change of what nobody knows
        return not (any(map(_compares, part)) and any(map(is_unread, part)))
    return _likens(part) >= 0


def _compares(item: Item) -> bool:
    """Whether a word asks for more or less of something: louder, darker, further left."""
    if item.has("name") or item.has("noun"):
        return False
    kinds = [one for one in item.readings if one.kind in ("dim", "eq", "param")]
    compared = [one.value for one in kinds if not one.value.startswith("dir")]
    return item.has("side") or any(value[-1] in "+-" for value in compared)


def _is_frequency(item: Item) -> bool:
    return item.kind == "amount" and item.unit == "hz"


def _likens(part: Items) -> int:
    """Place of "like" in "sounds like a cheap door"; -1 for none."""
    for place, item in enumerate(part[1:], start=1):
        if item.text in ("like", "as if", "as though") and part[place - 1].has("is"):
            return place
    return -1


def _joined(parts: list[Items]) -> Items:
    """What asks for something; what a remark was about stands for "it" behind it."""
    found: Items = []
    subject: Items = []
    frequency: Items = []
    for part in parts:
        if _is_remark(part):
            subject = _subject(part) or subject
            frequency = [item for item in part if _is_frequency(item)] or frequency
            if part[0].text in ".;!?":
                found.append(part[0])
            continue
        body = part
        counted = any(item.kind == "nth" for item in subject)
        if subject and (counted or not any(_names(item) for item in body)):
            body = [item for item in body if not item.has("pron", "it")]
            breaks = [item for item in body[:1] if is_break(item) or item.text in ".;!?"]
            body = [*breaks, *subject, *body[len(breaks) :]]
        elif any(_names(item) for item in body):
            subject = []
        if frequency and not any(map(_is_frequency, body)):
            body, frequency = [*body, *frequency], []  # "a whistle around 2k, dip it 4"
        found += body
        subject = [] if any(map(is_change, body)) else subject
    while found and (is_break(found[0]) or found[0].text in ".;!?"):
        found = found[1:]
    return found


def _subject(part: Items) -> Items:
    """What a remark is about: the nouns before its verb."""
    found: Items = []
    after = part[0].has("dislike") or (len(part) > 1 and part[1].has("dislike"))
    for item in part:
        if not after and (item.has("is") or is_unread(item) or item.has("dislike")):
            break
        if _names(item) or (found and item.has("noise")) or item.kind == "nth":
            found.append(item)
    return found


def _names(item: Item) -> bool:
    return not item.kind and any(
        item.has(kind) for kind in ("name", "noun", "card", "attr", "quant", "layer")
    )


def _trimmed(parts: list[Items]) -> tuple[Items, Items]:
    """Clauses without adverbs that nobody knows, and without the likeness or reason at the end."""
    kept: Items = []
    gone: Items = []
    for part in parts:
        end = _end(part)
        for place, item in enumerate(part):
            adverb = is_unread(item) and len(item.text) > 4 and item.text.endswith("ly")
            (gone if adverb or place >= end else kept).append(item)
    return kept, gone


def _end(part: Items) -> int:
    """Where the words begin at the end of a clause that only tell why, or liken."""
    for place, item in enumerate(part[1:], start=1):
        if item.text not in _LEADING or not any(map(is_change, part[:place])):
            continue
        rest = part[place + 1 :]
        plain = all(is_unread(one) or is_silent(one) or one.has("pron") for one in rest)
        if plain and any(map(is_unread, rest)):
            return place
    return len(part)


def _text(items: Items) -> str:
    return " ".join(item.text for item in items).strip(" ,.;!?")


__all__ = ["Looser", "loosened"]
