"""Read a script file of any supported form. What it says is data and is never interpreted."""

from collections.abc import Callable
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.screenplay import Screenplay
from foley_designer.screenplay import fdx, fountain, prose, timed
from foley_designer.screenplay.heading import is_heading
from foley_designer.screenplay.text import decode

MAX_BYTES = 4 * 1024 * 1024
"""A feature film's screenplay has about 200 kB."""

_BY_SUFFIX: dict[str, Callable[[str], Screenplay]] = {
    ".fountain": fountain.parse,
    ".spmd": fountain.parse,
    ".vtt": lambda text: timed.parse(text, "vtt"),
    ".srt": lambda text: timed.parse(text, "srt"),
}


def read(path: Path) -> Screenplay:
    """Parse a screenplay or description; the suffix tells its form, unknown ones are prose.

    Prose that has scene headings is read as Fountain. An empty file has zero scenes.

    Raises:
        FoleyError: ``script_not_found``, ``script_too_large`` or ``script_unreadable``.
    """
    data = _bytes(path)
    suffix = path.suffix.lower()
    try:
        if suffix == ".fdx":
            return fdx.parse(data) if data.strip() else Screenplay(format="fdx")
        text = decode(data)
        if suffix in _BY_SUFFIX:
            return _BY_SUFFIX[suffix](text)
    except ValueError as error:
        raise FoleyError(
            ErrorCode.SCRIPT_UNREADABLE,
            f"{path.name} cannot be read: {error}.",
            "Save it as Fountain, FDX, plain text, VTT or SRT.",
        ) from error
    has_headings = any(is_heading(line) for line in text.split("\n"))
    return fountain.parse(text) if has_headings else prose.parse(text)


def _bytes(path: Path) -> bytes:
    """The file's bytes, within the limit."""
    if not path.is_file():
        raise FoleyError(
            ErrorCode.SCRIPT_NOT_FOUND,
            f"There is no script file {path.name}.",
            "Check the path; the clip can also be designed without a script.",
        )
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FoleyError(
            ErrorCode.SCRIPT_UNREADABLE,
            f"{path.name} cannot be opened: {error.strerror}.",
            "Check its permissions.",
        ) from error
    if len(data) > MAX_BYTES:
        raise FoleyError(
            ErrorCode.SCRIPT_TOO_LARGE,
            f"{path.name} is larger than {MAX_BYTES // 2**20} MiB.",
            "Give the scene's excerpt alone.",
        )
    return data
