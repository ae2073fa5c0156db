"""Okapi BM25: how well a text's own words answer a query.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), eq. 3.15.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping

from foley_designer.memory.inflection import stem

_K1 = 1.2
"""How soon more of the same word stops to count."""
_B = 0.6
"""How much a long text is held back, 0 not at all to 1 in full."""
_WORD = re.compile(r"[^\W\d_]+")
_STOP_WORDS = frozenset(
    word
    for line in (
        "a about after again all an and are as at be before but by comes did do does down for",
        "from gets goes had has have he her him his how i if in into is it its keeps me my no not",
        "of off on one onto or our out over own she so some somebody someone something still that",
        "the their them then there they this to two until up was we were what when which while",
        "who with you your",
    )
    for word in line.split()
)


class Bm25:
    """Texts by id, ready to be scored.

    Args:
        texts: what each id is found by.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._counts = {key: _count(text) for key, text in texts.items()}
        self._spread = Counter(word for counts in self._counts.values() for word in counts)
        total = sum(counts.total() for counts in self._counts.values())
        self._mean_length = max(total / max(len(texts), 1), 1.0)

    def scores(self, query: str) -> dict[str, float]:
        """Score by id, 0 if no word of the query stands."""
        words = sorted(_count(query))
        return {key: self._score(words, counts) for key, counts in self._counts.items()}

    def _score(self, words: list[str], counts: Counter[str]) -> float:
        held_back = _K1 * (1 - _B + _B * counts.total() / self._mean_length)
        return sum(
            self._rarity(word) * counts[word] * (_K1 + 1) / (counts[word] + held_back)
            for word in words
            if counts[word]
        )

    def _rarity(self, word: str) -> float:
        spread = self._spread[word]
        return math.log1p((len(self._counts) - spread + 0.5) / (spread + 0.5))


def _count(text: str) -> Counter[str]:
    words = (word for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS)
    return Counter(stem(word) for word in words)
