"""Spelling: misspelt words of a request, by their distance from words that are known."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents.reviser.grammar.words import Lexicon, Token, bare, distance, tokens
from foley_designer.memory.inflection import stem

if TYPE_CHECKING:
    from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary


def mendings(
    words: list[Token], vocabulary: "Vocabulary", table: Lexicon, language: str
) -> Iterator[tuple[int, str]]:
    """Places of misspelt words, and what they were meant to be.

    A German noun, which has its capital, is bent into another noun alone.
    """
    new = False
    for number, word in enumerate(list(words)):
        new = new or any(one == ("verb", "add") for one in table.at([word.plain], 0)[1])
        if new and (word.plain,) not in table.phrases:
            continue  # what is new need not be known: "add a frog croaking"
        better = _mended(word, words, number, vocabulary, table)
        noun = language == "de" and number and word.text[0].isupper()
        if better and (not noun or _is_named(better, vocabulary, table)):
            yield number, better


def _is_named(word: str, vocabulary: "Vocabulary", table: Lexicon) -> bool:
    """Whether a word names a sound here, or a thing of the lexicon."""
    _, readings = table.at([word], 0)
    return bool(vocabulary.named(word)) or any(one.kind == "noun" for one in readings)


def _mended(
    word: Token, words: list[Token], number: int, vocabulary: "Vocabulary", table: Lexicon
) -> str:
    """What a misspelt word was meant to be; empty if it is none, or several fit."""
    plain = word.plain
    if len(plain) < 3 or not plain.isalpha() or plain in table.words or vocabulary.named(plain):
        return ""
    if (
        plain in vocabulary.real_words
        or stem(plain) in vocabulary.stems
        or bare(plain) in table.loose
    ):
        return ""
    if vocabulary.by_card(plain) or (number and words[number - 1].text in "\"'“„«"):
        return ""
    most = 2 if len(plain) >= 8 else 1
    labels = {
        token.plain
        for event in vocabulary.events
        for token in tokens(event.label)
        if len(token.plain) > 2
    }
    near: dict[str, int] = {}
    for known in labels | table.words:
        if len(known) < 3 or not known.isalpha():
            continue
        edits = distance(plain, known, most)
        swapped = sorted(plain) == sorted(known)
        substituted = len(plain) == len(known) and not swapped
        if edits > most or (len(plain) < 4 and not swapped) or (substituted and len(plain) < 6):
            continue
        near[known] = edits
    best = [known for known, edits in near.items() if edits == min(near.values())]
    if len(best) > 1:
        best = [known for known in best if known[0] == plain[0]] or best
        best = [known for known in best if known[-1] == plain[-1]] or best
    whole = [known for known in best if (known,) in table.phrases or known in labels]
    best = whole if len(whole) == 1 else best
    in_labels = [known for known in best if known in labels]
    best = in_labels if len(in_labels) == 1 else best
    scoping = any(
        one.kind in ("quant", "neg", "except", "only", "keep")
        for known in best
        for one in table.phrases.get((known,), ())
    )
    if scoping and len(plain) < 6:
        return ""  # "reset" is no "rest": so short a word is not bent into another scope
    same = {tuple(sorted(table.phrases.get((known,), ()))) or (stem(known),) for known in best}
    return best[0] if best and len(same) == 1 else ""
