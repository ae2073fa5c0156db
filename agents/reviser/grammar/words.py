"""Words of a request: tokens, and what the lexica say that phrases of them can mean.

A lexicon is a data file a language, ``lexica/<language>.yaml``: ``kind.value`` to phrases that are
divided by ``|``. The grammar beside knows kinds and values alone, so every language shares it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from foley_designer.core.reading import read_yaml
from foley_designer.memory.inflection import stem

LANGUAGES = ("en", "de", "fr", "es")
_TOKEN = re.compile(
    r"\d{1,2}:\d{2}:\d{2}(?:[:;]\d{2}|\.\d+)?|\d{1,3}:\d{2}(?:\.\d+)?"
    r"|(?<![\w.])[+-]?(?:\d+(?:[.,]\d+)?|\.\d+)|[^\W\d_]+|[,;!?%°@&/]|\.(?=\s|$)|['\"“”«»„]",
    re.UNICODE,
)
_SHORT = {
    "isn't": "is not",
    "aren't": "are not",
    "wasn't": "was not",
    "don't": "do not",
    "dont": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "shouldn't": "should not",
    "mustn't": "must not",
    "needn't": "need not",
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
    "couldn't": "could not",
    "i'd": "i would",
    "i'm": "i am",
    "i've": "i have",
    "let's": "let us",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "he's": "he is",
    "she's": "she is",
    "they're": "they are",
    "what's": "what is",
    "you've": "you have",
    "we've": "we have",
    "it'll": "it will",
    "off-screen": "off screen",
}
_CONTRACTED = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})(?![\w-])",
    re.IGNORECASE,
)


_PREDICATES = frozenset({"masks", "loudfault", "quietfault", "dislike"})
"""Kinds whose phrases are verbs with what follows them."""
_OF_SEVERAL = {
    "is": "are",
    "does": "do",
    "has": "have",
    **{f"{verb}s": verb for verb in ("drive", "bother", "bug", "annoy", "get", "stick", "jump")},
    **{f"{verb}s": verb for verb in ("poke", "leap", "rip", "take", "tear", "dominate", "sound")},
    **{f"{verb}s": verb for verb in ("feel", "steal", "hit", "pop", "come", "need", "drown")},
}
"""Verbs of one to verbs of several: a phrase that is listed for the one is one of both."""


class Reading(NamedTuple):
    """One thing that a phrase can mean."""

    kind: str
    value: str


class Token(NamedTuple):
    """A word, a number or a sign, as written and without accents."""

    text: str
    plain: str


@cache
def fold(text: str) -> str:
    """Lower case, without accents; ß as ss."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def tokens(request: str) -> list[Token]:
    """The tokens of a request, contractions resolved."""
    text = request.replace("’", "'").replace("‘", "'").replace("−", "-").replace("–", "-")
    text = _CONTRACTED.sub(lambda found: _SHORT.get(found[0].casefold(), found[0]), text)
    text = re.sub(r":(?=\s+[+-]?\d)", ",", text)  # frogs, crickets: 2 down
    text = re.sub(r"\bminus (?=\d)", "-", text, flags=re.IGNORECASE)
    text = re.sub(r"\bplus (?=\d)", "+", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\w)'s?\b(?=\s|$|[,.;!?])", " ", text)  # Anna's, the boots'
    text = re.sub(r"(?<=\w)'(?=\w)", " ", text)  # l'horloge
    text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", text)  # low-pass
    text = re.sub(r"(?<=\d)-(?=[^\W\d_])", " ", text)  # 3-frame
    text = re.sub(r"(?<=\d)(?=(?:st|nd|rd|th)\b)", "", text)
    return [Token(m[0], fold(m[0])) for m in _TOKEN.finditer(text)]


class Lexicon:
    """The phrases of one language.

    Args:
        table: ``kind.value`` to phrases.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self.phrases: dict[tuple[str, ...], tuple[Reading, ...]] = {}
        for name, listed in table.items():
            kind, _, value = str(name).partition(".")
            for phrase in str(listed).split("|"):
                key = tuple(token.plain for token in tokens(phrase))
                if key:
                    held = self.phrases.get(key, ())
                    if kind == "repeat" and value in ("more", "less"):  # "a bit less harsh"
                        held = (*held, Reading("mod", value))
                    self.phrases[key] = tuple(dict.fromkeys((*held, Reading(kind, value))))
                    if kind in _PREDICATES and key[0] in _OF_SEVERAL:
                        many = (_OF_SEVERAL[key[0]], *key[1:])
                        self.phrases.setdefault(many, (Reading(kind, value),))
        self.longest = max(map(len, self.phrases))
        self.words = frozenset(word for key in self.phrases for word in key)
        self.loose: dict[str, tuple[Reading, ...]] = {}
        for key, readings in self.phrases.items():
            nouns = tuple(one for one in readings if one.kind in ("noun", "attr"))
            if len(key) == 1 and nouns:
                self.loose.setdefault(bare(key[0]), nouns)

    def at(self, plain: list[str], place: int) -> tuple[int, tuple[Reading, ...]]:
        """How many tokens the longest phrase at a place has, and its readings; 0 for none."""
        for size in range(min(self.longest, len(plain) - place), 0, -1):
            found = self.phrases.get(tuple(plain[place : place + size]))
            if found:
                return size, found
        found = self.loose.get(bare(plain[place])) if len(plain[place]) > 3 else None
        return (1, found) if found else (0, ())

    def synonyms(self, value: str) -> Iterator[tuple[str, ...]]:
        """Phrases of a noun."""
        for key, readings in self.phrases.items():
            if Reading("noun", value) in readings:
                yield key


@cache
def bare(word: str) -> str:
    """A noun without the endings of number and case that these languages have."""
    return re.sub(r"(?<=\w{3})(?:en|ern|er|es|e|n|s|x)$", "", word)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language of `LANGUAGES`."""
    file = resources.files("foley_designer.agents.reviser") / "lexica" / f"{language}.yaml"
    return Lexicon(read_yaml(file.read_text(encoding="utf-8")))


@cache
def noun_stems(value: str) -> frozenset[str]:
    """Stems of the single words that a noun has in any language."""
    return frozenset(
        stem(key[0])
        for language in LANGUAGES
        for key in lexicon(language).synonyms(value)
        if len(key) == 1
    )


@cache
def noun_phrases(value: str) -> frozenset[tuple[str, ...]]:
    """Phrases of several words that a noun has in any language, as stems."""
    return frozenset(
        tuple(stem(word) for word in key)
        for language in LANGUAGES
        for key in lexicon(language).synonyms(value)
        if len(key) > 1
    )


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words, a swap of neighbours counting once; above ``most`` it may stop.

    Optimal string alignment (a restricted Damerau-Levenshtein distance).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        now = [i]
        for j, wanted in enumerate(other, start=1):
            best = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + 1)
            now.append(best)
        if min(now) > most:
            return most + 1
        before, row = row, now
    return row[-1]
