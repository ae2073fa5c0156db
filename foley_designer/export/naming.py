"""Names of delivered files: a fixed grammar of fields, and what every file system takes."""

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 120
"""Characters of a name; each may take up to four bytes, and file systems count 255 of those."""
LONGEST_BYTES = 180
"""Bytes of a name, which leaves room for suffixes and for the mark of an unfinished file."""
GRAMMAR = "fields in braces, such as {number:02}_{ucs}_{event}"
_FIELD = re.compile(r"\{([a-z]+)(?::0?([1-9]))?\}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, with any suffix."""


def filled(template: str, fields: Mapping[str, str | int]) -> str:
    """A template with its fields filled in.

    A field is a name in braces. A number may say its digits: ``{number:02}`` gives 07. There is
    no other format, conversion or attribute, so that a template can neither read nor exhaust
    anything.

    Raises:
        ValueError: a field that there isn't, digits for a word, or a brace that is none.
    """

    def fill(match: "re.Match[str]") -> str:
        name, digits = match[1], match[2]
        if name not in fields:
            known = ", ".join(f"{{{field}}}" for field in fields)
            raise ValueError(f"there is no field {{{name}}}; there are {known}")
        value = fields[name]
        if digits and not isinstance(value, int):
            raise ValueError(f"{{{name}}} is no number and has no digits")
        return str(value).zfill(int(digits)) if digits else str(value).translate(_NO_BRACES)

    rest = _FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        raise ValueError(f"{template!r:.60} isn't made of {GRAMMAR}")
    return _FIELD.sub(fill, template)


_NO_BRACES = str.maketrans("{}", "__")


def plain_name(name: str) -> str:
    """The name with only what every file system takes; of one that is too long the middle goes.

    What tells names apart stands at their ends: a number at the beginning, a kind at the end.

    Raises:
        ValueError: nothing is left.
    """
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(c if c.isalnum() or c in "-_." else "_" for c in composed).strip("._")
    if not kept:
        raise ValueError(f"{name!r:.60} is no file name")
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    return next(cut for most in range(LONGEST, 0, -4) if _fits(cut := _cut(kept, most)))


def _fits(name: str) -> bool:
    return len(name.encode()) <= LONGEST_BYTES


def _cut(name: str, most: int) -> str:
    """At most so many characters: a third from the beginning, the others from the end."""
    head = most // 3
    return name if len(name) <= most else f"{name[:head]}_{name[head + 1 - most :]}"


def same_file(path: str) -> str:
    """A path as a file system compares it that knows neither case nor ways of composing accents."""
    return unicodedata.normalize("NFC", path).casefold()
