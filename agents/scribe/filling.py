"""How full a vessel is, and of what, from the words."""

import re
from typing import NamedTuple

from foley_designer.core.liquids import LIQUIDS

_VESSELS = (
    "glass|glasses|cup|mug|bottle|jar|jug|bowl|bucket|pail|barrel|drum(?! kit| set| roll| beat)|"
    "can|tin|tank|box|crate|carton|chest|trunk|suitcase|case|bag|sack|basket|pot|pan|kettle|vase|flask|"
    "tankard|goblet|pitcher|bin|cask|keg|tub|bath|bathtub|canister|container|vessel|decanter|"
    "drawer|backpack|tray|vat|trough|wheelbarrow|shelf|tube|pipe|keg|urn|carafe|thermos|pint"
)
_DEGREES: dict[str, float] = {
    r"half[ -]full|half[ -]empty|half[ -]filled": 0.5,
    r"(?:nearly|almost|three[ -]quarters|mostly) (?:full|filled)": 0.85,
    r"(?:nearly|almost|mostly) empty": 0.1,
    r"full|filled|brimming|brimful|overflowing|loaded|laden|packed|stuffed": 1.0,
    r"empty|emptied|hollow": 0.0,
}
_ANY = "|".join(_DEGREES)
_OF = (
    r"(?:\s+(?:to the brim |up )?(?:of|with)\s+(?:the\s+|some\s+|his\s+|her\s+)?"
    r"(?P<contents>[a-z]+))?"
)
_BEFORE = re.compile(
    rf"\b(?P<degree>{_ANY})\s+(?:[\w-]+\s+){{0,3}}?(?:{_VESSELS})s?\b(?![-'])", re.IGNORECASE
)
"""``a full metal bucket``; ``full force`` names no vessel."""
_AFTER = re.compile(
    rf"\b(?:{_VESSELS})s?,?\s+(?:(?:that|which)\s+)?(?:is\s+|are\s+)?(?P<degree>{_ANY})\b" + _OF,
    re.IGNORECASE,
)
"""``a barrel full of sand``, ``the bottle is half full``."""
_HOLDING = re.compile(rf"\b(?:{_VESSELS})s?\s+of\s+(?P<contents>[a-z]+)\b", re.IGNORECASE)
"""``a bucket of water``."""
_DRINKING = re.compile(
    r"\b(?:glass|cup|mug|bottle|jug|bucket|pail|kettle|vase|flask|tankard|goblet|pitcher|tub|bath|"
    r"bathtub|decanter|carafe|pint)",
    re.IGNORECASE,
)
"""Vessels that hold a liquid if nothing else is said."""


FALLING = re.compile(
    r"\b(?:fall|fell|drop|land|crash|slam|smash|plonk|tumble|topple|thrown|throw|put|set|place|lower|"
    r"dump)\w*\b",
    re.IGNORECASE,
)
"""Words for what comes down with its own weight, and so louder and lower when full."""


class Filling(NamedTuple):
    """What is in a vessel."""

    fullness: float
    """0 empty to 1 full."""
    contents: str | None
    """What fills it, in a word; None if nothing is said."""

    @property
    def is_liquid(self) -> bool:
        """Whether a liquid fills it."""
        return self.contents in LIQUIDS


def filling_of(text: str) -> Filling | None:
    """How full the first vessel that the text tells of is; None if it tells of none."""
    for pattern in (_AFTER, _BEFORE, _HOLDING):
        match = pattern.search(text)
        if match is not None:
            told = match.groupdict()
            degree = _degree(told["degree"]) if "degree" in told else 1.0
            contents = told.get("contents")
            if contents is None and _DRINKING.search(match[0]):
                contents = "water"
            return Filling(degree, contents.lower() if contents and degree > 0 else None)
    return None


def without_contents(text: str) -> str:
    """The text without what fills its vessels, which is neither its material nor its ground."""
    for pattern in (_AFTER, _HOLDING):
        for match in reversed(list(pattern.finditer(text))):
            if match["contents"]:
                text = text[: match.start("contents")] + text[match.end("contents") :]
    return " ".join(text.split())


def _degree(words: str) -> float:
    return next(value for form, value in _DEGREES.items() if re.fullmatch(form, words, re.I))
