"""Which language a script is in: by function words, and by writing where it isn't Latin."""

import re
import unicodedata
from collections import Counter

from foley_designer.screenplay.text import word_set

FUNCTION_WORDS = {
    "English": word_set(
        "the and of to in is a an it he she his her him with on at from as into they them their "
        "that this these there while over under through up down out off by for no not nobody be "
        "are was were has have had but or if then than when who what we you me my its day night"
    ),
    "German": word_set(
        "der die das und ein eine einen einem einer auf den dem des im ist mit von zu sich nicht "
        "er sie es aus nach über wird durch am vom zum zur seine ihr nacht tag"
    ),
    "French": word_set(
        "le la les et un une des du dans est sur il elle avec qui se en au aux pas son sa ses par "
        "vers sans leur puis l d s qu très nuit jour"
    ),
    "Spanish": word_set(
        "el la los las y un una de en es con por se su del al que no lo sobre hacia sin noche día"
    ),
    "Italian": word_set(
        "il lo la gli le e un una di del della nel nella è con per si su al che non da sul sulla "
        "notte giorno"
    ),
    "Portuguese": word_set(
        "o a os as e um uma de do da em no na é com por se que não ao pela pelo sobre noite dia"
    ),
    "Dutch": word_set(
        "de het een en van op in is met zijn haar hij zij naar niet die dat uit over door aan "
        "nacht dag"
    ),
    "Swedish": word_set(
        "och en ett det den i på är med av till som han hon inte från sig mot natt dag"
    ),
    "Polish": word_set("i w z na się jest nie do po od przez nad za jego jej ten to a noc dzień"),
}
"""Closed classes of words (articles, pronouns, prepositions), which every text is full of,
and the times of day that headings end with."""
_WRITINGS = {
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "a language in Cyrillic letters",
    "ARABIC": "a language in Arabic letters",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "a language in Devanagari",
    "THAI": "Thai",
}
_WORD = re.compile(r"[^\W\d_]+")
LEAST = 2.0
"""Function words that another language must show: one may be a name, as in ``Das Boot``."""
MARGIN = 1.5
"""How many times more it must show than the next language does, which may be its neighbour."""


def language_of(text: str) -> str | None:
    """The language that a text is surely in; None if that can't be told from so few words.

    Args:
        text: a script or a description.
    """
    letters = Counter(
        unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()
    )
    foreign = {name: count for name, count in letters.items() if name in _WRITINGS}
    if sum(foreign.values()) > sum(letters.values()) / 2:
        kana = any(foreign.get(name) for name in ("HIRAGANA", "KATAKANA"))
        return "Japanese" if kana else _WRITINGS[max(foreign, key=foreign.__getitem__)]
    counts = Counter(_WORD.findall(text.lower()))
    # A word that several languages share speaks for each of them by its part.
    shared = Counter(word for words in FUNCTION_WORDS.values() for word in words)
    scores = {
        name: sum(counts[word] / shared[word] for word in words)
        for name, words in FUNCTION_WORDS.items()
    }
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    if scores[best] < LEAST or scores[best] <= MARGIN * scores[second]:
        return None
    return best
