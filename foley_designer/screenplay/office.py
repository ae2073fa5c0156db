"""Word and PDF to plain text, by libraries that the extra ``scripts`` brings."""

import io
import logging
import re
import zipfile
from importlib import import_module
from typing import Any

from foley_designer.core.errors import ErrorCode, FoleyError

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes that a packed document may hold in all; a screenplay has about one million."""
MOST_PAGES = 400
"""Pages of a PDF that are read: three feature films."""
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
    """The text of a PDF as it stands on its pages, indentation and page furniture taken off.

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


def _page(page: Any) -> str:
    lines = page.extract_text(extraction_mode="layout").split("\n")
    kept = [line.strip() for line in lines if not _FURNITURE.fullmatch(line) or not line.strip()]
    return "\n".join(kept)


def _part(module: str, package: str, what: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"{what} need {package}, which is not installed.",
            'Run: pip install "foley-designer[scripts]", or save the script as Fountain or text.',
        ) from error
