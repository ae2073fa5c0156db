"""Finds cards' triggers in a text: deterministic, by words and their inflections."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from foley_designer.core.card import Card
from foley_designer.memory.inflection import forms, noun_forms
from foley_designer.memory.reading.clauses import Clauses

GAP = "..."
"""In a trigger: up to ``GAP_WORDS`` words of the same clause may stand here."""
GAP_WORDS = 4
EXCEPTION = "not"
"""Before a trigger: words that hold a trigger but call no sound, as ``not walking stick``."""
ARTICLES = frozenset({"a", "an", "the"})
"""In a trigger: the next word is a noun, so that ``a train`` does not match ``training``."""

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.!?;:]+|[,()–—]|\n\s*\n")
_STEP = r"[^\W_]+(?:['-][^\W_]+)*"
_TRIGGER = re.compile(rf"(?:{EXCEPTION} )?{_STEP}(?: (?:{re.escape(GAP)} )?{_STEP})*")
_LINKS = frozenset(
    {"a", "an", "the", "this", "that", "these", "those", "some", "any"}
    | {"his", "her", "hers", "its", "their", "theirs", "my", "your", "our"}
)
"""Determiners: they may stand between any two words of a trigger."""
_HELPERS = _LINKS | {"is", "are", "was", "were", "being", "been", "gets", "get"}
"""What may stand there besides: "keys are jangled" is keys that jangle."""


class Mention(NamedTuple):
    """Where a card's trigger stands in a text: ``text[start:end] == words``."""

    card_id: str
    start: int
    end: int
    words: str


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    clause: int
    named: bool = True
    """Whether the thing is named here, rather than stood for by a pronoun."""


class _Base(NamedTuple):
    """A word of a trigger."""

    text: str
    noun: bool
    gap: int
    """How many other words may stand before it."""

    @property
    def forms(self) -> frozenset[str]:
        return noun_forms(self.text) if self.noun else forms(self.text)


class _Pattern(NamedTuple):
    """A trigger."""

    bases: tuple[_Base, ...]
    card_id: str
    rank: int
    exception: bool


class _Candidate(NamedTuple):
    pattern: _Pattern
    places: tuple[int, ...]

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Most words first, then the closest together, the earliest, the first card."""
        return (-len(self.places), len(self.span), self.places[0], self.pattern.rank)

    @property
    def span(self) -> range:
        """Places of all words from its first to its last."""
        return range(self.places[0], self.places[-1] + 1)


class TriggerIndex:
    """The triggers of some cards, ready to be found.

    Args:
        cards: where two cards share a trigger, the earlier one wins.
    """

    def __init__(self, cards: Iterable[Card]) -> None:
        self._starting: dict[str, list[_Pattern]] = defaultdict(list)
        for rank, card in enumerate(cards):
            for trigger in card.triggers:
                pattern = _pattern(trigger, card.id, rank)
                for form in pattern.bases[0].forms:
                    self._starting[form].append(pattern)

    def match(self, text: str) -> tuple[Mention, ...]:
        """Mentions in text order, whether or not they happen.

        The longest trigger wins; mentions do not overlap.
        """
        words = _words(text)
        mentions = []
        for candidate in self._chosen(words):
            if not candidate.pattern.exception:
                start, end = words[candidate.places[0]].start, words[candidate.places[-1]].end
                mentions.append(Mention(candidate.pattern.card_id, start, end, text[start:end]))
        return tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))

    def excepts(self, text: str) -> bool:
        """Whether a text holds words of which a card says that they make no sound."""
        return any(candidate.pattern.exception for candidate in self._chosen(_words(text)))

    def _chosen(self, words: Sequence[_Word]) -> Iterator[_Candidate]:
        taken: set[int] = set()
        for candidate in sorted(self._candidates(words), key=lambda each: each.order):
            if taken.isdisjoint(candidate.span):
                taken.update(candidate.span)
                yield candidate

    def _candidates(self, words: Sequence[_Word]) -> Iterator[_Candidate]:
        for place, word in enumerate(words):
            for pattern in self._starting.get(word.text, ()):
                places = _follow(words, place, pattern)
                if places and any(words[each].named for each in places):
                    yield _Candidate(pattern, places)


def is_trigger(text: str) -> bool:
    """Whether a text is written as a trigger: lower-case words, one of them no determiner."""
    steps = set(text.split()) - _LINKS - {GAP, EXCEPTION}
    return bool(steps) and text == text.lower() and _TRIGGER.fullmatch(text) is not None


def _follow(words: Sequence[_Word], first: int, pattern: _Pattern) -> tuple[int, ...] | None:
    """Places of the pattern's words from ``first`` on, each as near as possible."""
    places = [first]
    for base in pattern.bases[1:]:
        skipped = 0
        for place in range(places[-1] + 1, len(words)):
            word = words[place]
            if word.clause != words[first].clause or skipped > base.gap:
                return None
            if word.text in base.forms:
                places.append(place)
                break
            skipped += word.text not in _HELPERS
        else:
            return None
    return tuple(places)


def _pattern(trigger: str, card_id: str, rank: int) -> _Pattern:
    steps = trigger.lower().replace("-", " ").split()
    exception = steps[0] == EXCEPTION
    bases: list[_Base] = []
    gap, noun = 0, False
    for place, step in enumerate(steps[exception:], start=exception + 1):
        if step == GAP:
            gap = GAP_WORDS
        elif step in _LINKS and place < len(steps):  # at the end it is a pronoun: "hit her"
            noun = step in ARTICLES
        else:
            bases.append(_Base(step, noun, gap))
            gap, noun = 0, False
    return _Pattern(tuple(bases), card_id, rank, exception)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    clause = 0
    things = {w.start: w.stands_for for w in Clauses(text).words if w.stands_for}
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark[0].isalnum():
            word = re.sub(r"['’]s$", "", mark.lower()).replace("’", "'")
            thing = things.get(token.start())
            words.append(_Word(thing or word, token.start(), token.end(), clause, thing is None))
        else:
            clause += 1
    return words
