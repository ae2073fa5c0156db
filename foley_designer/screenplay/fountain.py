"""Fountain 1.1 (fountain.io/syntax), with the source line of every paragraph."""

import re
from typing import NamedTuple

from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay
from foley_designer.screenplay.heading import is_heading
from foley_designer.screenplay.scene_list import SceneList
from foley_designer.screenplay.text import GONE, without, word_set

_TITLE_KEYS = word_set(
    "title credit author authors source draft date draft_date contact copyright notes revision "
    "format font episode"
)
_KEY = re.compile(r"([A-Za-z][A-Za-z _]{0,30}):\s*(.*)")
_EMPHASIS = re.compile(r"(?<!\\)(?:[*_]+(?=\S)|(?<=\S)[*_]+)")
"""Marks that touch a word; ``7 * 7`` is none."""
_ESCAPE = re.compile(r"\\([*_\\])")
_EXTENSION = re.compile(r"\([^()]*\)\s*\^?\s*$")


class _Line(NamedTuple):
    number: int
    text: str


def parse(text: str) -> Screenplay:
    """Parse Fountain. Notes, boneyard, sections and synopses are left out: nobody hears them."""
    text = without(text, "/*", "*/")
    lines = without(text, "[[", "]]", in_paragraph=True).split("\n")
    title, first = _title_page(lines)
    scenes = SceneList()
    for paragraph in _paragraphs(lines, first):
        heading = _heading(paragraph[0].text)
        if heading is not None:
            scenes.open(heading, paragraph[0].number)
        body = paragraph if heading is None else paragraph[1:]
        if body:
            scenes.add(*_elements(body))
    return Screenplay(title=title, format="fountain", scenes=scenes.scenes())


def _title_page(lines: list[str]) -> tuple[str, int]:
    """The title, and the index of the first line after the title page."""
    if not _opens_title(lines[0]):
        return "", 0
    end = _title_end(lines)
    title: list[str] = []
    key = ""
    for line in lines[:end]:
        match = _KEY.match(line)
        value = match[2] if match else line
        key = match[1].lower() if match else key
        if key == "title" and value.strip():
            title.append(_plain(value))
    return " ".join(title), end


def _title_end(lines: list[str]) -> int:
    """Index after the title page: some programs put blank lines between its keys."""
    at = end = 0
    while at < len(lines) and _opens_title(lines[at]):
        end = next((i for i in range(at, len(lines)) if not lines[i].strip()), len(lines))
        at = next((i for i in range(end, len(lines)) if lines[i].strip()), len(lines))
    return end


def _opens_title(line: str) -> bool:
    key = _KEY.match(line)
    return key is not None and key[1].lower().replace(" ", "_") in _TITLE_KEYS


def _paragraphs(lines: list[str], first: int) -> list[list[_Line]]:
    """Runs of lines between blank ones; sections, synopses and page breaks part them too."""
    paragraphs: list[list[_Line]] = [[]]
    for number, text in enumerate(lines[first:], first + 1):
        blank = not text.strip() or text.startswith(("#", "="))
        kept_open = text.isspace() and len(text) > 1 and _is_cue(paragraphs[-1])
        if blank and not kept_open:
            paragraphs.append([])
        elif text.strip() and text != GONE:
            paragraphs[-1].append(_Line(number, text))
    return [paragraph for paragraph in paragraphs if paragraph]


def _heading(text: str) -> str | None:
    """The heading's text, forced ones without their dot; None if it is no heading."""
    stripped = text.strip()
    if re.match(r"\.[^.\s]", stripped):
        return stripped[1:]
    return stripped if is_heading(stripped) else None


def _is_cue(paragraph: list[_Line]) -> bool:
    """Whether a paragraph opens with a character's name."""
    if not paragraph:
        return False
    name = _EXTENSION.sub("", paragraph[0].text.strip()).rstrip(" ^")
    return name.startswith("@") or (name.isupper() and name[0] not in "!>~.")


def _elements(paragraph: list[_Line]) -> list[Element]:
    """A paragraph's elements: dialogue with its cue, a transition, or action."""
    first = paragraph[0]
    if _is_cue(paragraph) and (len(paragraph) > 1 or first.text.lstrip().startswith("@")):
        name = _plain(first.text.strip().lstrip("@").rstrip(" ^"))
        spoken = [_spoken(line) for line in paragraph[1:]]
        return [Element(kind=ElementKind.CHARACTER, text=name, line=first.number), *spoken]
    text = first.text.strip()
    if len(paragraph) == 1 and _is_transition(text):
        plain = _plain(text.lstrip("> "))
        return [Element(kind=ElementKind.TRANSITION, text=plain, line=first.number)]
    if text.startswith("~"):
        return [_spoken(line) for line in paragraph]
    joined = "\n".join(_plain(_action(line.text)) for line in paragraph)
    return [Element(kind=ElementKind.ACTION, text=joined, line=first.number)]


def _spoken(line: _Line) -> Element:
    text = line.text.strip()
    inside = text.startswith("(") and text.endswith(")")
    kind = ElementKind.PARENTHETICAL if inside else ElementKind.DIALOGUE
    return Element(kind=kind, text=_plain(text.lstrip("~")), line=line.number)


def _is_transition(text: str) -> bool:
    forced = text.startswith(">") and not text.endswith("<")
    return forced or (text.isupper() and (text.endswith("TO:") or text.startswith("FADE ")))


def _action(text: str) -> str:
    """An action line without the marks that force it or centre it."""
    text = text.strip()
    if text.startswith(">") and text.endswith("<"):
        return text[1:-1].strip()
    return text.removeprefix("!")


def _plain(text: str) -> str:
    """Text without emphasis marks and escapes."""
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)).strip()
