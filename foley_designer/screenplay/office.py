"""Word and PDF to plain text, by libraries that the extra ``scripts`` brings."""

import io
import logging
import re
import zipfile
from importlib import import_module
from itertools import pairwise
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes that a packed document may hold in all; a screenplay has about one million."""
MOST_PAGES = 400
"""Pages of a PDF that are read: three feature films."""
SAME_ROW_PT = 2.0
"""Text whose heights differ by less stands on one line, points."""
WIDE_GAP = 1.4
"""Lines further apart than so many times the closest ones have a blank line between them."""
_FURNITURE = re.compile(
    r"\s*(?:\(?continued:?\)?(?:\s*\(?\d+\)?)?|\(more\)|page\s+\d+(?:\s+of\s+\d+)?|\d{1,4}\.?)\s*",
    re.IGNORECASE,
)
"""Lines that a printed page has of its own: its number, and that a scene goes on."""


def docx_text(data: bytes) -> str:
    """The paragraphs of a Word document, with blank lines where its styles leave room.

    Raises:
        ValueError: it is damaged, too large unpacked, or has no text.
        FoleyError: ``part_missing`` without python-docx.
    """
    docx = _part("docx", "python-docx", "Word documents")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise ValueError(f"it is a Word document of {unpacked >> 20} MiB unpacked")
        document = docx.Document(io.BytesIO(data))
    except ValueError:
        raise
    except Exception as error:  # whatever the library meets in a damaged file
        raise ValueError("it is a damaged Word document") from error
    text = "\n".join(_spaced(document.paragraphs))
    if not text.strip():
        raise ValueError("it is a Word document without text")
    return text


def _spaced(paragraphs: Any) -> list[str]:
    """A line a paragraph; styles and blank paragraphs set paragraphs apart, as on the page."""
    lines: list[str] = []
    for paragraph in paragraphs:
        style = str(getattr(paragraph.style, "name", "") or "").casefold()
        close = any(word in style for word in ("dialog", "parenthetical"))
        if lines and not close:
            lines.append("")
        lines += paragraph.text.split("\n")
    return lines


def pdf_text(data: bytes) -> str:
    """The text of a PDF as it stands on its pages, without page numbers and their like.

    Raises:
        ValueError: it is damaged, locked, too long, or holds pictures of text alone.
        FoleyError: ``part_missing`` without pypdf.
    """
    pypdf = _part("pypdf", "pypdf", "PDF files")
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # what it mends is no news
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        locked, count = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
        if count > MOST_PAGES:
            raise ValueError(f"it is a PDF of {count} pages; at most {MOST_PAGES} are read")
        pages = [] if locked else [_page(page) for page in reader.pages]
    except ValueError:
        raise
    except Exception as error:  # whatever the library meets in a damaged file
        raise ValueError("it is a damaged PDF") from error
    if locked:
        raise ValueError("it is a PDF locked with a password")
    text = "\n".join(pages)
    if not text.strip():
        raise ValueError("it is a PDF without text, such as a scan")
    return text


class _Row(NamedTuple):
    """A line of a page."""

    y: float
    """Height above the page's foot, points."""
    text: str


def _page(page: Any) -> str:
    """A page's lines without its furniture; a wider gap between lines is a blank one."""
    rows: list[_Row] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if rows and abs(rows[-1].y - y) < SAME_ROW_PT:
            rows[-1] = _Row(rows[-1].y, rows[-1].text + text)
        elif text.strip():
            rows.append(_Row(y, text))

    page.extract_text(visitor_text=visit)
    kept = [row for row in rows if not _FURNITURE.fullmatch(row.text)]
    gaps = [above.y - below.y for above, below in pairwise(kept)]
    leading = min((gap for gap in gaps if gap > SAME_ROW_PT), default=0.0)
    lines = [" ".join(kept[0].text.split())] if kept else []
    for row, gap in zip(kept[1:], gaps, strict=True):
        wide = not 0 < gap <= WIDE_GAP * leading
        lines += ["", " ".join(row.text.split())] if wide else [" ".join(row.text.split())]
    return "\n".join(["", *lines])


def _part(module: str, package: str, what: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{what} need {package}, which is not installed.",
            'Run: pip install "foley-designer[scripts]", or save the script as Fountain or text.',
        ) from error
