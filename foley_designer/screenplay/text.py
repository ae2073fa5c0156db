"""Bytes to text: encodings that script files come in, and a refusal of what is no text."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GONE = "\0"
"""Stands in a line that was taken out; decoded text has none."""
_WIDE = 0.2
"""Share of zero bytes, all at odd or all at even places, that tells UTF-16 without a mark."""
_MAX_JUNK = 0.02


def decode(data: bytes) -> str:
    """Text with line feeds alone: by byte order mark, else UTF-8, UTF-16 or Windows-1252.

    Raises:
        ValueError: the bytes are not text.
    """
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    junk = sum(1 for c in text if c == "\ufffd" or (ord(c) < 32 and c not in "\t\n\x1a"))
    if junk > _MAX_JUNK * len(text):
        raise ValueError("it is not a text file")
    return "".join(c for c in text if ord(c) >= 32 or c in "\t\n")


def _decoded(data: bytes) -> str:
    """Decode by what the bytes look like; undecodable ones become U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    odd, even = data[1::2].count(0), data[::2].count(0)
    if max(odd, even) > _WIDE * len(data) and min(odd, even) == 0:
        return data.decode("utf-16-le" if odd else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def without(text: str, opening: str, closing: str, *, in_paragraph: bool = False) -> str:
    """``text`` with each ``opening … closing`` taken out; lines keep their numbers.

    An opening that is never closed is left as it stands. Lines that were taken out whole hold
    `GONE`, so that a paragraph around them stays one.

    Args:
        text: the source.
        opening: the mark that opens what goes.
        closing: the mark that ends it.
        in_paragraph: whether a blank line keeps it from being one.
    """
    kept: list[str] = []
    start = searched = 0
    end = blank = -1
    while (begin := text.find(opening, searched)) >= 0:
        searched = begin + len(opening)
        if end < searched:
            end = text.find(closing, searched)
        if end < 0:
            break
        if in_paragraph and blank < begin:
            blank = text.find("\n\n", begin)
            blank = len(text) if blank < 0 else blank
        if in_paragraph and blank < end:
            continue
        searched = end + len(closing)
        breaks = text.count("\n", begin, searched)
        kept += [text[start:begin], f"\n{GONE}" * (breaks - 1), "\n" * min(1, breaks)]
        start = searched
    return "".join([*kept, text[start:]])


def word_set(words: str) -> frozenset[str]:
    """The words of a table that is written as one string."""
    return frozenset(words.split())
