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
    "beat": "beaten",
    "become": "became",
    "begin": "began begun beginning",
    "bend": "bent",
    "bind": "bound",
    "bite": "bit bitten",
    "bleed": "bled",
    "blow": "blew blown",
    "break": "broke broken",
    "breed": "bred",
    "bring": "brought",
    "build": "built",
    "burn": "burnt",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose chosen",
    "cling": "clung",
    "come": "came",
    "creep": "crept",
    "deal": "dealt",
    "dig": "dug",
    "draw": "drew drawn",
    "dream": "dreamt",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "feed": "fed",
    "fight": "fought",
    "find": "found",
    "flee": "fled",
    "fling": "flung",
    "fly": "flew flown",
    "forbid": "forbade forbidden",
    "forget": "forgot forgotten forgetting",
    "freeze": "froze frozen",
    "give": "gave given",
    "grind": "ground",
    "grow": "grew grown",
    "hang": "hung",
    "hear": "heard",
    "hide": "hid hidden",
    "hold": "held",
    "keep": "kept",
    "kneel": "knelt",
    "know": "knew known",
    "lay": "laid",
    "lead": "led",
    "leap": "leapt",
    "lend": "lent",
    "light": "lit",
    "lose": "lost",
    "make": "made",
    "meet": "met",
    "pay": "paid",
    "ride": "rode ridden",
    "ring": "rang rung",
    "rise": "rose risen",
    "run": "ran",
    "saw": "sawn",
    "say": "said",
    "see": "seen",
    "seek": "sought",
    "sell": "sold",
    "send": "sent",
    "shake": "shook shaken",
    "shine": "shone",
    "shoot": "shot",
    "shrink": "shrank shrunk",
    "sing": "sang sung",
    "sink": "sank sunk",
    "sit": "sat",
    "sleep": "slept",
    "slide": "slid",
    "sling": "slung",
    "smell": "smelt",
    "speak": "spoke spoken",
    "spend": "spent",
    "spill": "spilt",
    "spin": "spun",
    "spring": "sprang sprung",
    "stand": "stood",
    "steal": "stole stolen",
    "stick": "stuck",
    "sting": "stung",
    "stink": "stank stunk",
    "stride": "strode",
    "strike": "struck",
    "swear": "swore sworn",
    "sweep": "swept",
    "swell": "swollen",
    "swim": "swam swum",
    "swing": "swung",
    "take": "took taken",
    "teach": "taught",
    "tear": "tore torn",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "tread": "trod trodden",
    "wake": "woke woken",
    "wear": "wore worn",
    "weave": "wove woven",
    "weep": "wept",
    "win": "won",
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
