"""English inflection: every form under which a base word can stand in a description.

Forms are generated from the base instead of stemmed from the text, so that nothing but a real
form of a trigger can match it ("caring" is no form of "car").
"""

import re
from functools import cache

_PLURALS = {
    "calf": "calves",
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "half": "halves",
    "hoof": "hooves",
    "knife": "knives",
    "leaf": "leaves",
    "man": "men",
    "mouse": "mice",
    "ox": "oxen",
    "scarf": "scarves",
    "shelf": "shelves",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
}
_PASTS = {
    "bite": "bit bitten",
    "blow": "blew blown",
    "break": "broke broken",
    "cling": "clung",
    "creep": "crept",
    "dig": "dug",
    "draw": "drew drawn",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "fight": "fought",
    "fling": "flung",
    "fly": "flew flown",
    "grind": "ground",
    "hang": "hung",
    "hold": "held",
    "keep": "kept",
    "kneel": "knelt",
    "lay": "laid",
    "leap": "leapt",
    "light": "lit",
    "lose": "lost",
    "ride": "rode ridden",
    "ring": "rang rung",
    "rise": "rose risen",
    "run": "ran",
    "saw": "sawn",
    "shake": "shook shaken",
    "shoot": "shot",
    "sing": "sang sung",
    "sit": "sat",
    "slide": "slid",
    "sling": "slung",
    "speak": "spoke spoken",
    "spin": "spun",
    "spring": "sprang sprung",
    "stand": "stood",
    "steal": "stole stolen",
    "stride": "strode",
    "strike": "struck",
    "sweep": "swept",
    "swim": "swam swum",
    "swing": "swung",
    "take": "took taken",
    "tear": "tore torn",
    "throw": "threw thrown",
    "tread": "trod trodden",
    "wear": "wore worn",
    "weep": "wept",
    "wind": "wound",
    "write": "wrote written",
}
_UNCHANGING = frozenset({"sheep", "with", "against", "through", "into", "over", "down", "off"})
_DOUBLING = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdfgklmnprtvz]$")
"""One syllable that ends in a consonant after a single vowel: stop, stopped."""


@cache
def noun_forms(base: str) -> frozenset[str]:
    """A noun's singular and plural, lower case."""
    if base in _UNCHANGING or len(base) < 3:
        return frozenset({base})
    return frozenset({base, _PLURALS.get(base, _s_form(base))})


@cache
def forms(base: str) -> frozenset[str]:
    """Every form of a word that may be a noun or a verb, lower case."""
    if base in _UNCHANGING or len(base) < 3:
        return frozenset({base})
    return noun_forms(base) | {_s_form(base), *_PASTS.get(base, "").split(), *_ed_ing(base)}


def _s_form(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return base + "es"
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ies"
    return base + "s"


def _ed_ing(base: str) -> set[str]:
    if base.endswith("ie"):
        return {base + "d", base[:-2] + "ying"}
    if base.endswith("e"):
        return {base + "d", base + "ing" if base.endswith("ee") else base[:-1] + "ing"}
    if re.search(r"[^aeiou]y$", base):
        return {base[:-1] + "ied", base + "ing"}
    if _DOUBLING.match(base):
        return {base + base[-1] + "ed", base + base[-1] + "ing"}
    return {base + "ed", base + "ing"}


@cache
def singular(word: str) -> str:
    """The singular of an irregular plural; any other word as it is."""
    return next((base for base, plural in _PLURALS.items() if plural == word), word)


def stem(word: str) -> str:
    """What a word's regular forms share, for counting words alike; not a word itself."""
    for suffix, kept in (("ing", 3), ("ed", 3), ("es", 3), ("s", 3)):
        if word.endswith(suffix) and len(word) - len(suffix) >= kept:
            word = word.removesuffix(suffix)
            break
    return word.removesuffix("e")
