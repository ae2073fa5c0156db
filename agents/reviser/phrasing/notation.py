"""Notation: how notes are written, as sentences: lists, tags, arrows, timecodes, numbers in words.

It knows nothing of a script: what it does holds for any request in the Latin alphabet. What is
put in a word's place means the same, so that what is read of it answers the request.
"""

import re
from collections.abc import Callable

_TAGS = "FS|FX|SFX|FOL|FLY|AMB|BGS?|HFX|PROPS?|MOVES|CLOTH|FEET|ATMOS?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[:;]\d{2}|\.\d+)?)?"
_ONES = (  # noqa: SIM905
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_DIGITS = {word: number for number, word in enumerate(_ONES)}
_WORDS = _DIGITS | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_STATES = "wide|narrow|close|far|big|small|heavy|light|dry|wet|fast|slow|hard|gentle|mono|centre"
_NUMBER = "|".join([*_TENS, *_ONES])
_SPOKEN = re.compile(
    rf"\b(?:(?P<sign>minus|plus) )?(?P<whole>(?:{_NUMBER})(?:[ -](?:{'|'.join(_ONES[1:10])}))?)"
    rf"(?: point (?P<part>(?:{'|'.join(_ONES[:10])})(?: (?:{'|'.join(_ONES[:10])}))*))?\b"
)
_REWRITES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\s*(?:-+>|→|=>|➔)\s*", " to "),
    (r"\s+/\s+|\s*[|•]\s*|\n+", "; "),
    (r"\s+[-–—]+\s+(?=[^\W\d])", ", "),  # cup - too hot
    (r"(?<=\w)\s*[-–—]\s+(?=[+-]\d)", ", "),
    (rf"\b(?:{_TAGS})\s*[:.]?\s+(?=[^\W\d])", ""),  # FS Leo +3
    (
        rf"^\s*(?:at\s+)?(?P<at>{_CLOCK})\s*[-:,]?\s+(?P<what>[^\W\d][\w']+(?: [^\W\d][\w']*)?)",
        r"\g<what> at \g<at>",
    ),
    (r"(?<![\w:.])(\d+(?:\.\d+)?)\s?[-–](\d+(?:\.\d+)?)(?=\s*(?:s|secs?|seconds?)\b)", r"\1 to \2"),
    (r"(?<=[^\W\d])\s+#\s?(?=\d)", " "),
    (r"([^\W\d]+ \d+)\s*[:=]\s*[+-]?0(?=\s*(?:[,;.]|$|and\b))", r"leave \1 as it is"),
    (r"([^\W\d]+ \d+) (fine|good|ok|okay|perfect|great)(?=\s*(?:[,;.]|$))", r"\1 is \2"),
    (rf":\s+({_STATES})(?=\s*(?:[,;.]|$))", r" should be \1"),  # wind: wide
    (r"(?<=\s)-\s?(?:inf(?:inity)?|∞)(?:\s?dB)?\b", "mute"),
    (r"(?<=[^\W\d])\s+\+\s+(?=[^\W\d])", " and "),
    (
        rf"\b(raise|lower|up|down|by|add) ({'|'.join(_ONES[1:10])})(?=\s*(?:[,;.]|$|and\b))",
        lambda found: f"{found[1]} {_DIGITS[found[2]]}",
    ),
    (
        r"\b(?:out of|from|in|on|to)? ?(?:the )?(left|right) (?:hand )?"
        r"(?:speaker|channel|ear|loudspeaker)\b",
        r"on the \1",
    ),
    (
        r"\b(?:whoever|(?:every|any)(?:one|body)(?: who| that)?|those who|all who) (?:is |are )?"
        r"(?:walk|run|stroll|sneak)\w*",
        "all footsteps",
    ),
    (r"\bback by (\d+(?:\.\d+)?)(?=\s*(?:[,;.]|$|dB))", r"down by \1"),
    (r"\bw/\s*", "with "),
    (r"(?<=\w)\s+'?n'?\s+(?=\w)", " and "),
    (r"(?<=[^\W\d]\s)(\d+)/(\d+)(?=\s*[:,])", r"\1 and \2"),  # pump 2/3: softer
    (r"(?<=[^\W\d]\s)(\d+)[-–](\d+)(?!\s*(?:[dD][bB]|[hH]z|%|st\b|f\b|fr|ms))", r"\1 to \2"),
    (r"(?<=\d)\s?d[bB]s?\b", " dB"),
    (r"\b(?:no|nr|number|nummer|numero)\.?\s+(?=\d|one\b|two\b|three\b|four\b|five\b|six\b)", ""),
)
_LISTED = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)]\s+(?=[^\W\d])")
"""A number of a list, once the first one stood in front."""
_COMPILED = tuple((re.compile(pattern), better) for pattern, better in _REWRITES)


def plainly(request: str) -> str:
    """A request in its plainest notation."""
    text = request.strip()
    if re.match(r"1[.)]\s", text):
        text = _LISTED.sub("; ", text)
    for pattern, better in _COMPILED:
        text = pattern.sub(better, text)
    return _counted(text).strip(" ;,")


def _counted(text: str) -> str:
    """Numbers from ten on, with a sign or with decimals, in digits; "two" may be a pronoun."""

    def digits(found: re.Match[str]) -> str:
        words = re.split("[ -]", found["whole"])
        if len(words) > 1 and words[0] not in _TENS:
            return found[0]
        value = sum(_WORDS[word] for word in words)
        if value < 10 and not (found["sign"] or found["part"]):
            return found[0]
        sign = {"minus": "-", "plus": "+"}.get(found["sign"] or "", "")
        part = "".join(str(_DIGITS[word]) for word in (found["part"] or "").split())
        return f"{sign}{value}{'.' + part if part else ''}"

    return _SPOKEN.sub(digits, text)
