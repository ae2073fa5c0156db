"""English inflection: every form under which a base word can stand in a description.

Forms are generated from the base instead of stemmed from the text, so that nothing but a real
form of a trigger can match it ("caring" is no form of "car").
"""

import re
from functools import cache

_IRREGULAR = {
    "bite": "bit bitten",
    "blow": "blew blown",
    "break": "broke broken",
    "child": "children",
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
    "foot": "feet",
    "goose": "geese",
    "grind": "ground",
    "hang": "hung",
    "hold": "held",
    "hoof": "hooves",
    "keep": "kept",
    "kneel": "knelt",
    "knife": "knives",
    "lay": "laid",
    "leaf": "leaves",
    "leap": "leapt",
    "light": "lit",
    "lose": "lost",
    "man": "men",
    "mouse": "mice",
    "ride": "rode ridden",
    "ring": "rang rung",
    "rise": "rose risen",
    "run": "ran",
    "saw": "sawn",
    "scarf": "scarves",
    "set": "setting",
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
    "turn": "turned",
    "wear": "wore worn",
    "weep": "wept",
    "wind": "wound",
    "wolf": "wolves",
    "woman": "women",
    "write": "wrote written",
}
_UNCHANGING = frozenset(
    {"sheep", "on", "in", "of", "off", "up", "down", "with", "against", "through"}
)
_DOUBLING = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdfgklmnprtvz]$")


@cache
def forms(base: str) -> frozenset[str]:
    """The base word with its plural, third person, past and participle forms, lower case."""
    if base in _UNCHANGING or len(base) < 3:
        return frozenset({base})
    return frozenset({base, *_IRREGULAR.get(base, "").split(), _s_form(base), *_ed_ing(base)})


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
