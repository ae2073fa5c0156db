"""Small helpers for texts that have a form: words of a list, and the match of a pattern."""

import re


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


def take(text: str, pattern: str) -> tuple[re.Match[str] | None, str]:
    """The first match of a pattern of whole words, and the text without it."""
    found = re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", text)
    return found, _without(text, found) if found else text


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
