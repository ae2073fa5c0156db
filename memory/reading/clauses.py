"""A text's words in their sentences and clauses, each with its part of speech."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from foley_designer.memory.reading.vocabulary import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
    VERBS,
    words,
)

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.!?;:]+|[,()–—]|\n\s*\n")
_ENDS = frozenset(".!?;\n:")
_THINGS_NAMED = frozenset({"it", "them"})
_PARTICLES = frozenset({"up", "down", "out", "off", "open"})
_STRONG = frozenset({"but", "yet", "because", "if", "unless", "though", "although", "whereas"})
"""Conjunctions that part clauses whatever stands behind them."""


class Tag(StrEnum):
    """Part of speech, as far as reading for sounds needs it."""

    DETERMINER = "determiner"
    PRONOUN = "pronoun"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    AUXILIARY = "auxiliary"
    ADVERB = "adverb"
    VERB = "verb"
    NOUN = "noun"
    """Nouns and adjectives: what a noun phrase is made of."""


class Word(NamedTuple):
    """One word of a text: ``source[start:end]``."""

    text: str
    """Lower case, with a straight apostrophe."""
    spelled: str
    """As it is written."""
    start: int
    end: int
    tag: Tag
    clause: int
    """Number of its clause in the text."""
    sentence: int
    """Number of its sentence in the text."""
    stands_for: str | None = None
    """Of "it" and "them": the thing that was named before."""


class Clauses:
    """A text, read into clauses.

    A clause ends at a comma or a conjunction behind which another verb stands, and at every
    stronger mark; lists ("without thunder, rain or wind") stay in one.

    Args:
        text: any prose.
    """

    def __init__(self, text: str) -> None:
        self.words = _parsed(text)

    @cached_property
    def _clauses(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for place, word in enumerate(self.words):
            found.setdefault(word.clause, []).append(place)
        return {number: tuple(places) for number, places in found.items()}

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the clauses in order."""
        return tuple(self._clauses)

    def places(self, clause: int) -> tuple[int, ...]:
        """Places of a clause's words; nothing if there is no such clause."""
        return self._clauses.get(clause, ())

    def within(self, start: int, end: int) -> range:
        """Places of the words that lie in ``text[start:end]``."""
        inside = [p for p, word in enumerate(self.words) if start <= word.start < end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def _parsed(text: str) -> tuple[Word, ...]:
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    spoken = [mark.lower().replace("’", "'") for mark, _, _ in tokens]
    tags = [_tag(spoken, place) for place in range(len(tokens))]
    found: list[Word] = []
    clause = sentence = 0
    for place, (mark, start, end) in enumerate(tokens):
        word = spoken[place]
        if not mark[0].isalnum():
            if mark[0] in _ENDS or mark[0] in "–—()" or _new_clause(tags, spoken, place):
                clause += 1
            sentence += mark[0] in _ENDS
            continue
        if word in CONJUNCTIONS and tags[place] is Tag.CONJUNCTION and found:
            fresh = found[-1].clause == clause
            if fresh and (word in _STRONG or _new_clause(tags, spoken, place)):
                clause += 1
        found.append(Word(word, mark, start, end, tags[place], clause, sentence))
    return _resolved(found)


def _resolved(words: list[Word]) -> tuple[Word, ...]:
    """The words, with what each "it" and "them" stands for."""
    for place, word in enumerate(words):
        if word.text in _THINGS_NAMED:
            words[place] = word._replace(stands_for=_antecedent(words, place))
    return tuple(words)


def _antecedent(words: Sequence[Word], place: int) -> str | None:
    """The last thing before a pronoun that a verb had for object.

    Else the last that stood first, else where somebody went. It is sought in the pronoun's own
    sentence and the one before; people are no things.
    """
    subject = reached = None
    for other in range(place - 1, 0, -1):
        word = words[other]
        if words[place].sentence - word.sentence > 1:
            break
        follows = words[other + 1].tag is Tag.NOUN and words[other + 1].start - word.end <= 1
        if word.tag is not Tag.NOUN or follows or word.text in PERSONS:
            continue
        opens = other
        while opens > 0 and words[opens - 1].tag in (Tag.NOUN, Tag.DETERMINER):
            opens -= 1
        if words[opens].tag is not Tag.DETERMINER:
            continue
        ahead = words[opens - 1] if opens else None
        if ahead is not None and (ahead.tag is Tag.VERB or ahead.text in _PARTICLES):
            return word.text
        if ahead is None or ahead.sentence != word.sentence or ahead.tag is Tag.CONJUNCTION:
            subject = subject or word.text
        elif ahead.text in ("to", "at"):
            reached = reached or word.text
    return subject or reached


def _new_clause(tags: Sequence[Tag], spoken: Sequence[str], place: int) -> bool:
    """Whether a verb stands on both sides of a comma or a conjunction."""
    left, right = False, False
    for other in range(place - 1, -1, -1):
        if not spoken[other][0].isalnum() or tags[other] is Tag.CONJUNCTION:
            if spoken[other][0] in _ENDS or left:
                break
            continue
        left = left or tags[other] in (Tag.VERB, Tag.AUXILIARY)
    for other in range(place + 1, len(spoken)):
        if not spoken[other][0].isalnum() or (tags[other] is Tag.CONJUNCTION and other > place + 1):
            break
        right = right or tags[other] in (Tag.VERB, Tag.AUXILIARY)
    following = spoken[place + 1 : place + 2]
    if spoken[place] == "," and following in (["only"], ["just"]):
        return True
    if spoken[place] == "and" and following in (["not"], ["never"]):
        return left
    opener = spoken[place] == "," and place + 1 < len(spoken) and not left
    return right and (left or opener)


def _tag(spoken: Sequence[str], place: int) -> Tag:  # noqa: PLR0911 - one rule a line
    word = spoken[place]
    before = spoken[place - 1] if place else ""
    after = spoken[place + 1] if place + 1 < len(spoken) else ""
    if word == "can" and before in _CANS | DETERMINERS:
        return Tag.NOUN
    if word in AUXILIARIES or word.endswith("n't"):
        return Tag.AUXILIARY
    if word in DETERMINERS and not (word == "her" and (not after or not after[0].isalnum())):
        return Tag.DETERMINER
    if word in PRONOUNS:
        return Tag.PRONOUN
    if word in CONJUNCTIONS and not (word in PREPOSITIONS and not _clause_follows(spoken, place)):
        return Tag.CONJUNCTION
    if word in PREPOSITIONS:
        return Tag.PREPOSITION
    if word in ADVERBS or (word.endswith("ly") and len(word) > 4):
        return Tag.ADVERB
    if word in VERBS and _verbal(word, before, after):
        return Tag.VERB
    return Tag.NOUN


def _verbal(word: str, before: str, after: str) -> bool:
    """Whether a word that can be a verb or a noun is a verb where it stands."""
    if word.endswith("ing"):
        return before not in DETERMINERS or after in DETERMINERS | PREPOSITIONS
    if before in DETERMINERS:
        return False
    particles = ("to", "up", "down", "off", "out", "over", "past")
    if before in PREPOSITIONS and before not in particles:
        return False
    helped = before == "to" or before in AUXILIARIES | PRONOUNS or before.endswith("ly")
    finite = word.endswith(("s", "ed")) and not word.endswith("ss")
    ends = before.endswith("s") and not before.endswith(("ss", "us", "as"))
    plural = before in _PLURALS or ends
    opens = not before or not before[0].isalnum()
    joined = before in CONJUNCTIONS or (opens and after in particles)
    complement = after in DETERMINERS | PRONOUNS
    return helped or finite or complement or plural or joined or word in _PASTS


_CANS = frozenset({"tin", "empty", "beer", "soda", "watering", "oil", "trash", "rusty", "old"})
_PLURALS = frozenset(
    {"men", "women", "people", "children", "mice", "geese", "police", "cattle", "sheep"}
)
_PASTS = words(
    "rang sang ran fell broke blew drew drove ate drank flew went came took threw shook spun "
    "tore wrote spoke stood sat lay rode rose began swam swung struck shot slid burst"
)


def _clause_follows(spoken: Sequence[str], place: int) -> bool:
    """Whether a verb stands before the next mark: "before he fires", not "before dawn"."""
    for other in range(place + 1, len(spoken)):
        if not spoken[other][0].isalnum():
            return False
        word, before = spoken[other], spoken[other - 1]
        if word in AUXILIARIES:
            return True
        if word in VERBS and other > place + 1 and before not in DETERMINERS | PREPOSITIONS:
            return True
    return False
