"""Card files: Markdown with YAML front matter; the file's name is the card's id."""

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from foley_designer.core.card import Card
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.reading import UnreadableError, read_bytes, read_text, read_yaml
from foley_designer.memory.mentions import is_trigger

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)
_MAX_BYTES = 64 * 1024
_FROM_FILE = {"id": "the file's name", "body": "the text below the front matter"}
_HINT = "docs/knowledge.md describes the fields, and shows a card that works."


def read_folder(folder: Path) -> tuple[Card, ...]:
    """Every ``*.md`` of a folder but ``README.md``, in the order of their ids.

    Raises:
        FoleyError: ``card_invalid``, for a folder that is not there or the first bad card.
    """
    if not folder.is_dir():
        raise FoleyError(
            ErrorCode.CARD_INVALID,
            f"The knowledge folder {folder} is not there.",
            "Create it, or leave knowledge_dir unset.",
        )
    paths = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    return tuple(read_card(path) for path in paths)


def read_card(path: Path) -> Card:
    """One card.

    Raises:
        FoleyError: ``card_invalid`` with file, line, field and what would be right.
    """
    front, body = _parts(path)
    fields = _fields(path, front)
    for name, origin in _FROM_FILE.items():
        if name in fields:
            raise _invalid(path, _line(front, name), f"{name} is {origin}", f"Remove {name}.")
    try:
        card = Card.model_validate({**fields, "id": path.stem, "body": body.strip()})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = str(problem["loc"][0]) if problem["loc"] else "card"
        place = ".".join(str(step) for step in problem["loc"]) or "card"
        raise _invalid(path, _line(front, field), f"{place}: {problem['msg']}", _HINT) from error
    _check(path, front, card)
    return card


def _parts(path: Path) -> tuple[str, str]:
    """Front matter and body."""
    try:
        text = read_text(read_bytes(path, _MAX_BYTES))
    except UnreadableError as error:
        raise _invalid(path, 1, str(error), "Save it as a short UTF-8 text.") from error
    except OSError as error:
        raise _invalid(path, 1, error.strerror or str(error), "Check its rights.") from error
    parts = _FRONT_MATTER.match(text)
    if not parts:
        raise _invalid(path, 1, "no front matter between two lines of ---", _HINT)
    return parts[1], parts[2]


def _fields(path: Path, front: str) -> dict[str, Any]:
    try:
        fields = read_yaml(front)
    except UnreadableError as error:
        raise _invalid(
            path, (error.line or 0) + 1, error.problem, "Quote words with : or #."
        ) from error
    if not isinstance(fields, dict):
        raise _invalid(path, 2, "front matter is not a list of fields", _HINT)
    return fields


def _check(path: Path, front: str, card: Card) -> None:
    """What the fields mean together."""
    if card.low_hz >= card.high_hz:
        raise _invalid(path, _line(front, "low_hz"), "low_hz is not below high_hz", "Swap them.")
    for trigger in card.triggers:
        if not is_trigger(trigger):
            raise _invalid(
                path,
                _line(front, "triggers"),
                f"triggers: {trigger!r} is no phrase of lower-case words",
                "Write base words, such as 'walk ... gravel'.",
            )


def _line(front: str, field: str) -> int:
    """The line of the file at which a field of the front matter stands, 1 if it is missing."""
    match = re.search(rf"^{re.escape(field)}\s*:", front, re.MULTILINE)
    return front.count("\n", 0, match.start()) + 2 if match else 1


def _invalid(path: Path, line: int, problem: str, hint: str) -> FoleyError:
    return FoleyError(ErrorCode.CARD_INVALID, f"{path.name}, line {line}: {problem}.", hint)
