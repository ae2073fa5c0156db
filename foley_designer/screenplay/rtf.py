"""Rich Text Format 1.9.1 to plain text: what TextEdit, WordPad and Word save when asked for RTF."""

import re
from typing import NamedTuple

from foley_designer.screenplay.text import word_set

_TOKEN = re.compile(
    r"\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\(?P<symbol>[^a-zA-Z])"
    r"|(?P<brace>[{}])"
    r"|(?P<break>[\r\n]+)"
    r"|(?P<text>[^\\{}\r\n]+)"
)
_SILENT = word_set(
    "fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl "
    "footerr footerf footnote annotation listtable listoverridetable revtbl rsidtbl generator "
    "themedata colorschememapping latentstyles datastore xmlnstbl fldinst nonshppict filetbl "
    "operator author title subject comment doccomm keywords"
)
"""Destinations whose text is no part of the page."""
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "cell": " "}
_SIGNS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
}
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\n": "\n", "\r": "\n"}


class _Group(NamedTuple):
    """What holds inside one pair of braces."""

    silent: bool = False
    fallback: int = 1
    r"""Characters that stand in for a ``\u`` and are passed over (``\uc``)."""


def text_of(data: bytes) -> str:
    r"""The text of an RTF file, a line a paragraph.

    Text in the file's code page (``\ansicpg``), Unicode escapes and the usual signs are read;
    fonts, styles, pictures, headers and notes are left out. Nesting costs nothing but its braces.

    Raises:
        ValueError: it does not begin as RTF, or has no text.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it is not RTF")
    reader = _Reader(data.decode("latin-1"))
    text = reader.read()
    if not text.strip():
        raise ValueError("it is RTF without text")
    return text


class _Reader:
    """Walks the tokens once, with a stack of groups."""

    def __init__(self, source: str) -> None:
        self._source = source
        page = re.search(r"\\ansicpg(\d{3,5})", source[:2000])
        self._codec = _codec(page[1]) if page else "cp1252"
        self._stack = [_Group()]
        self._pending = bytearray()
        self._kept: list[str] = []
        self._skip = 0

    def read(self) -> str:
        for match in _TOKEN.finditer(self._source):
            self._take(match)
        self._flush()
        # RTF writes a character beyond the basic plane as two surrogates: they are joined here.
        whole = "".join(self._kept).encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "replace")

    def _take(self, match: "re.Match[str]") -> None:
        kind = match.lastgroup
        if kind == "brace":
            self._flush()
            self._skip = 0
            if match["brace"] == "{":
                self._stack.append(self._stack[-1])
            elif len(self._stack) > 1:
                self._stack.pop()
        elif kind == "hex":
            self._byte(int(match["hex"], 16))
        elif kind in ("word", "number"):
            self._word(match["word"], match["number"])
        elif kind == "symbol":
            self._symbol(match["symbol"])
        elif kind == "text":
            self._say(match["text"])

    def _byte(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        elif not self._stack[-1].silent:
            self._pending.append(value)

    def _say(self, text: str) -> None:
        passed, self._skip = min(self._skip, len(text)), max(0, self._skip - len(text))
        if self._stack[-1].silent:
            return
        self._flush()
        # Eight-bit text without escapes is rare, and in the file's code page too.
        self._kept.append(text[passed:].encode("latin-1").decode(self._codec, "replace"))

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._stack[-1] = self._stack[-1]._replace(silent=True)
        elif not self._stack[-1].silent:
            self._flush()
            self._kept.append(_SYMBOLS.get(symbol, symbol))

    def _word(self, word: str, number: str | None) -> None:
        group = self._stack[-1]
        if word in _SILENT:
            self._stack[-1] = group._replace(silent=True)
        elif word == "uc":
            self._stack[-1] = group._replace(fallback=min(max(int(number or 1), 0), 8))
        elif not group.silent:
            self._flush()
            if word == "u":
                self._kept.append(chr(int(number or 0) % 0x10000))  # a signed 16-bit number
                self._skip = group.fallback
            else:
                self._kept.append(_BREAKS.get(word) or _SIGNS.get(word, ""))

    def _flush(self) -> None:
        """Decode the bytes that were escaped, together: some code pages take two a character."""
        if self._pending:
            self._kept.append(self._pending.decode(self._codec, "replace"))
            self._pending.clear()


def _codec(page: str) -> str:
    """A Python codec for a Windows code page; 1252 if there is none."""
    name = f"cp{page}"
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name
