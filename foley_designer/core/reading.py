"""One way in for each text format: what a file says becomes plain values, or one error of ours.

JSON, YAML and TOML come from users, sessions and other machines. Their libraries fail in many ways
(nesting too deep for the stack, integers too long to convert, bytes that are no text, a date where
a name was meant); here every way ends as `UnreadableError`, which callers turn into their own code.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

DEEPEST = 64
"""Levels of nesting; the deepest document of ours has 12."""
LARGEST_BYTES = 256 * 1024 * 1024
"""Of one file that is read as text: an hour's observation has about 40 MB."""


class UnreadableError(ValueError):
    """A text that is not what its format asks for.

    Args:
        problem: what is wrong, without a full stop.
        line: where, from 1; None if that is not known.
    """

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def read_bytes(path: Path, most: int = LARGEST_BYTES) -> bytes:
    """A regular file's bytes.

    Raises:
        UnreadableError: no regular file, or one of more than ``most`` bytes.
        OSError: the system refuses.
    """
    if not path.is_file():  # a pipe would wait for ever
        raise UnreadableError("no regular file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(f"more than {most} bytes")
    return data


def read_text(data: bytes) -> str:
    """UTF-8 text without its byte order mark, with Unix line ends.

    Raises:
        UnreadableError: other bytes, or a NUL.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not UTF-8 at byte {error.start}") from error
    if "\0" in text:
        raise UnreadableError("a NUL character")
    return text.replace("\r\n", "\n")


def read_json(text: str | bytes) -> Any:
    """JSON values; NaN and infinities, which are none, are refused.

    Raises:
        UnreadableError: anything else.
    """
    try:
        value = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg}", error.lineno) from error
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableError("not JSON of ours: nested too deeply") from error
    _shallow(value)
    return value


def read_toml(text: str) -> dict[str, Any]:
    """The values of a TOML document.

    Raises:
        UnreadableError: anything else.
    """
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise UnreadableError(f"not TOML: {error}") from error
    except RecursionError as error:
        raise UnreadableError("not TOML of ours: nested too deeply") from error


def read_yaml(text: str) -> Any:
    """YAML 1.2 core values: what looks like a date or ``no`` is a text, and no key counts twice.

    Anchors and tags are refused: the first can make a terabyte of a line, the second name types.

    Raises:
        UnreadableError: anything else, with its line.
    """
    import yaml  # noqa: PLC0415 - 30 ms

    from foley_designer.core.yaml_core import Loader, refuse_odd  # noqa: PLC0415

    try:
        refuse_odd(text, DEEPEST)
        return yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise UnreadableError(error.problem or "not YAML", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"not YAML: {' '.join(str(error).split())}") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _shallow(value: Any) -> None:
    """Refuse what is nested deeper than `DEEPEST`, without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise UnreadableError(f"nested more than {DEEPEST} levels deep")
