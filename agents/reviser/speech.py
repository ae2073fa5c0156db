"""Speech of a request: courtesies off, numbers as digits, sentences in clauses, amounts read."""

import re
from enum import StrEnum
from typing import NamedTuple

_COURTESIES = re.compile(
    r"\b(?:please|kindly|maybe|perhaps|just|actually|ok(?:ay)?|hey|thanks|thank you"
    r"|(?:can|could|would) (?:you|we)|i(?:'d| would) like (?:you )?(?:to(?! hear))?"
    r"|i want (?:you )?(?:to(?! hear))?|let us|i think|also)\b"
)
_CONTRACTED = {
    "it's": "it is",
    "she's": "she is",
    "he's": "he is",
    "that's": "that is",
    "there's": "there is",
    "let's": "let us",
    "can't": "can not",
    "cannot": "can not",
    "offscreen": "off screen",
    "off-screen": "off screen",
    "close-up": "close up",
    "closeup": "close up",
    "decibels": "db",
    "decibel": "db",
}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = r"(?:db|°|degrees?|deg|m|met(?:er|re)s?|ms|milliseconds?|s|secs?|seconds?|frames?|times)"
_QUESTION = re.compile(
    r"^(?:is|are|was|were|how|what|why|when|who|which|where|does|do you|did|have you)\b"
)
_UNSETTLED = re.compile(r"\b(?:don't|do not(?! hear)|never|or|whatever|unless|if)\b")
_BREAKS = re.compile(r"\s*(?:[;,!\n]+|\.(?!\d)|\b(?:and then|then|and|but|plus|while)\b)+\s*")


_QUALIFIER = re.compile(
    r"(?:on|to|from) the (?:left|right)(?: side)?|in the (?:background|foreground)|outside"
    r"|off screen|(?:at|around) \d+(?:\.\d+)? ?(?:s|secs?|seconds?)"
)
"""A clause that belongs to the one before it."""
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|last)"


class Unit(StrEnum):
    """What a number in a request counts."""

    DB = "db"
    DEGREES = "degrees"
    METRES = "metres"
    SECONDS = "seconds"
    FRAMES = "frames"
    TIMES = "times"


class Amount(NamedTuple):
    """A number with its unit."""

    value: float
    unit: Unit


_AMOUNTS: tuple[tuple[str, Unit, float], ...] = (
    (r"db\b", Unit.DB, 1.0),
    (r"(?:°|degrees?\b|deg\b)", Unit.DEGREES, 1.0),
    (r"(?:ms|milliseconds?)\b", Unit.SECONDS, 0.001),
    (r"(?:s|secs?|seconds?)\b", Unit.SECONDS, 1.0),
    (r"frames?\b", Unit.FRAMES, 1.0),
    (r"(?:m|met(?:er|re)s?)\b", Unit.METRES, 1.0),
    (r"times\b(?: as)?", Unit.TIMES, 1.0),
)
_WHEN = re.compile(r"\b(?:at|around|near|from|until|about)\s*$")
_LITTLE = re.compile(r"\b(?:a (?:little |tiny |wee )?(?:bit|touch|tad|little)|slightly|somewhat)\b")
_MUCH = re.compile(
    r"\b(?:much|a lot|lots|a good deal|considerably|significantly|way(?= too| (?:loud|quiet|soft))"
    r"|far(?= too| (?:loud|quiet|soft|more|less))|really|very)\b"
)


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


def cleaned(request: str) -> str:
    """Lower case, courtesies and contractions resolved, numbers as digits."""
    text = " ".join(request.lower().replace("’", "'").replace("−", "-").split()).strip(" .!")
    for short, long in _CONTRACTED.items():
        text = re.sub(rf"(?<![\w-]){re.escape(short)}(?![\w-])", long, text)
    if re.match(r"(?:could|can|would|should|may) ", text):
        text = re.sub(r"^(?:could|can|would|should|may) (?!you |we )|\?$", "", text)
    text = re.sub(r"\b(\d+)(?= (?:to the )?(?:left|right)\b)", r"\1 degrees", text)
    text = re.sub(r"(?<!from) now\b", "", text)
    text = re.sub(rf"\b({_ORDINAL}) and (?:the )?(?={_ORDINAL}\b)", r"\1 ", text)
    text = re.sub(r"\bhalf a second\b", "0.5 s", text)
    for number, word in enumerate(_NUMBERS, start=1):
        text = re.sub(rf"\b{word}(?= {_UNITS}\b)", str(number), text)
    text = re.sub(
        rf"\ba (?=(?:second|frame|met(?:er|re)|decibel)\b(?! (?:{'|'.join(_NOUNISH)})))", "1 ", text
    )
    text = re.sub(r"\btwice as (?=loud|long|far|near|close)", "2 times as ", text)
    text = re.sub(r"\bhalf as (?=loud|long|far)", "0.5 times as ", text)
    text = re.sub(r"\b(?:in|by) half\b", "0.5 times", text)
    return " ".join(_COURTESIES.sub(" ", text).split()).strip(" ,")


_NOUNISH = ("take", "step", "footstep", "hit", "one", "door", "time")


def is_unsettled(text: str) -> bool:
    """Whether the words ask, forbid or leave a choice, instead of telling what to do."""
    return bool(_QUESTION.match(text) or text.endswith("?") or _UNSETTLED.search(text))


def sentences(text: str) -> list[str]:
    """Parts of a request that stand for themselves."""
    parts = re.split(r"\s*(?:[;!\n]+|\.(?!\d)|,? ?\b(?:and then|then)\b)\s*", text)
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def clauses(text: str) -> list[str]:
    """What a request asks for, one thing each, in order."""
    found: list[str] = []
    for clause in _BREAKS.split(text):
        if found and _QUALIFIER.fullmatch(clause):
            found[-1] += f" {clause}"
        elif clause.strip():
            found.append(clause)
    return found


def take_amount(text: str) -> tuple[Amount | None, str]:
    """The first number with a unit, and the text without it; a time after "at" is no amount."""
    for pattern, unit, scale in _AMOUNTS:
        found = re.search(rf"(?:\bby )?(?<![\d.])([+-]?\d+(?:\.\d+)?)\s?{pattern}", text)
        if found and not (unit is Unit.SECONDS and _WHEN.search(text[: found.start()])):
            return Amount(float(found[1]) * scale, unit), _without(text, found)
    return None, text


def take_degree(text: str, much: float) -> tuple[float, str]:
    """How many times the usual amount the words ask for, and the text without them."""
    if found := _LITTLE.search(text):
        return 0.5, _without(text, found)
    if found := _MUCH.search(text):
        return much, _without(text, found)
    return 1.0, text


def take(text: str, pattern: str) -> tuple[re.Match[str] | None, str]:
    """The first match of a pattern of whole words, and the text without it."""
    found = re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", text)
    return found, _without(text, found) if found else text


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
