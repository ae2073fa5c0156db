"""The form that a script file has, by its content; a suffix may be wrong or missing."""

import re
from enum import StrEnum

from foley_designer.screenplay.heading import is_heading


class Form(StrEnum):
    """Forms of script files that are read."""

    FOUNTAIN = "Fountain"
    FDX = "Final Draft XML"
    VTT = "WebVTT"
    SRT = "SubRip"
    PROSE = "plain text"
    RTF = "RTF"
    HTML = "HTML"
    DOCX = "a Word document"
    PDF = "PDF"


PACKED = frozenset({Form.RTF, Form.DOCX, Form.PDF})
"""Forms whose bytes are not the text itself."""
SUFFIXES = {
    ".fountain": Form.FOUNTAIN,
    ".spmd": Form.FOUNTAIN,
    ".fdx": Form.FDX,
    ".vtt": Form.VTT,
    ".srt": Form.SRT,
    ".rtf": Form.RTF,
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".docx": Form.DOCX,
    ".pdf": Form.PDF,
}
"""What suffixes promise; others promise plain text."""
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "a Word 97 document: save it as .docx or plain text"),
    (b"\x1f\x8b", "a gzip archive: unpack it"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it"),
    (b"Rar!", "a RAR archive: unpack it"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound or a film"),
    (b"\x1aE\xdf\xa3", "a Matroska film"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound"),
    (b"SQLite format 3", "a database"),
)
_PACKAGES = (
    (b"application/vnd.oasis.opendocument", "an OpenDocument text: save it as .docx or plain text"),
    (b"text.md", "a Highland document: export it as Fountain"),
    (b"text.fountain", "a Highland document: export it as Fountain"),
    (b"document.xml", "a packed document, such as Fade In's: export it as Fountain or FDX"),
    (b"Index/Document.iwa", "a Pages document: export it as .docx or plain text"),
)
_XML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?P<root>[\w:.-]+)",
    re.DOTALL | re.IGNORECASE,
)
_CUE = re.compile(
    r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}", re.M
)
_TITLE_KEY = re.compile(r"\s*(?:title|credit|author|authors|source|draft date|contact):", re.I)
_HEAD = 4096
"""Characters at the start within which a form shows itself."""


def packed_form(data: bytes) -> Form | None:
    """The form of a file whose bytes are no text; None if they may be text.

    Raises:
        ValueError: it is something else, named with the way to a form that is read.
    """
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return Form.PDF
    if head.lstrip().startswith(b"{\\rtf"):
        return Form.RTF
    if head.startswith(b"PK\x03\x04"):
        return _package(data)
    if head[4:8] == b"ftyp":
        raise ValueError("it is a film")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise ValueError(f"it is {what}")
    return None


def _package(data: bytes) -> Form:
    if b"word/document.xml" in data:
        return Form.DOCX
    for mark, what in _PACKAGES:
        if mark in data:
            raise ValueError(f"it is {what}")
    raise ValueError("it is a ZIP archive: unpack it")


def text_form(text: str, suffix: str) -> Form:
    """The form of a text.

    Args:
        text: the decoded file.
        suffix: of its name, in lower case; decides where the content leaves it open.

    Raises:
        ValueError: XML of another kind, or what the suffix promises is not there.
    """
    promised = SUFFIXES.get(suffix)
    if promised is Form.FDX and (not text.strip() or text.lstrip().startswith("<")):
        return Form.FDX
    found = _shown(text)
    if found is None and promised in (Form.FDX, Form.VTT, Form.SRT) and text.strip():
        raise ValueError(f"it is not {promised.value}")
    return found or (promised if promised not in PACKED and promised else Form.PROSE)


def _shown(text: str) -> Form | None:
    """The form that a text shows by itself."""
    head = text.lstrip("\ufeff")[:_HEAD]
    root = _XML.match(head)
    if root is not None:
        name = root["root"].lower()
        if name == "finaldraft":
            return Form.FDX
        if name in ("html", "body", "head", "p", "div"):
            return Form.HTML
    if head.lstrip().startswith("<?xml"):
        raise ValueError("it is XML, yet not Final Draft's")
    if head.lstrip().startswith("WEBVTT"):
        return Form.VTT
    if _CUE.search(head):
        return Form.SRT
    if _TITLE_KEY.match(head) or any(is_heading(line) for line in text.split("\n")):
        return Form.FOUNTAIN
    return None
