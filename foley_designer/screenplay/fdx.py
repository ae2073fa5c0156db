"""Final Draft XML. Entities and external references are refused, not expanded."""

from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax

from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay
from foley_designer.screenplay.scene_list import SceneList

_KINDS = {
    "Character": ElementKind.CHARACTER,
    "Parenthetical": ElementKind.PARENTHETICAL,
    "Dialogue": ElementKind.DIALOGUE,
    "Lyrics": ElementKind.DIALOGUE,
    "Singing": ElementKind.DIALOGUE,
    "Transition": ElementKind.TRANSITION,
}
_ASIDE = frozenset({"ScriptNote", "SceneProperties", "SceneArcBeats", "OmittedScene", "Footnote"})
"""Elements whose paragraphs are the writer's, or of a scene that was taken out: nobody hears
them."""
_PLANS = ("Outline", "Note", "Beat", "Synopsis", "End of Act", "New Act", "Cast List")
"""Kinds of paragraphs that plan or set the script: those whose type begins so are left out."""


def parse(data: bytes) -> Screenplay:
    """Parse an FDX file; shots and other paragraph types are action.

    Raises:
        ValueError: it is not well-formed, not Final Draft's, or declares entities.
    """
    handler = _Handler()
    if not data.strip():
        return Screenplay(format="fdx")
    try:
        defusedxml.sax.parseString(data, handler)
    except SAXParseException as error:
        raise ValueError(
            f"line {error.getLineNumber()} is not well-formed: {error.getMessage()}"
        ) from error
    except defusedxml.DefusedXmlException as error:
        raise ValueError("it declares XML entities, which are refused") from error
    if not handler.is_fdx:
        raise ValueError("it is XML, yet not Final Draft's")
    return Screenplay(title=handler.title, format="fdx", scenes=handler.scenes.scenes())


@dataclass
class _Paragraph:
    """A paragraph that is open; others may stand inside it, as in dual dialogue."""

    kind: str
    line: int
    text: list[str] = field(default_factory=list)
    omitted: bool = False
    """Whether it stands for a scene that was taken out."""


class _Handler(ContentHandler):
    """Collects the script's paragraphs on a stack, so that each keeps its own kind and text."""

    def __init__(self) -> None:
        super().__init__()
        self.is_fdx = False
        self.title = ""
        self.scenes = SceneList()
        self._depth = 0
        self._section = ("", "")
        """The two outermost elements inside the root: ``Content``, or ``TitlePage``'s."""
        self._aside_depth = 0
        """Depth of the outermost aside that is open; 0 is none."""
        self._in_text = 0
        self._open: list[_Paragraph] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (SAX's name)
        self._depth += 1
        if self._depth == 1:
            self.is_fdx = name == "FinalDraft"
        elif self._depth in (2, 3):
            self._section = (name, "") if self._depth == 2 else (self._section[0], name)
        if self._aside_depth:
            return
        if name in _ASIDE:
            self._aside_depth = self._depth
            if name == "OmittedScene" and self._open:
                self._open[-1].omitted = True
        elif name == "Paragraph":
            self._flush()
            self._open.append(_Paragraph(attrs.get("Type", "Action"), self._locator_line()))
        elif name == "Text":
            self._in_text += 1

    def endElement(self, name: str) -> None:  # noqa: N802 (SAX's name)
        if self._aside_depth:
            if self._aside_depth == self._depth:
                self._aside_depth = 0
        elif name == "Paragraph" and self._open:
            self._flush()
            self._open.pop()
        elif name == "Text":
            self._in_text -= 1
        self._depth -= 1

    def characters(self, content: str) -> None:
        if self._in_text and not self._aside_depth and self._open:
            self._open[-1].text.append(content)

    def _locator_line(self) -> int:
        locator: Any = getattr(self, "_locator", None)
        return locator.getLineNumber() if locator is not None else 1

    def _flush(self) -> None:
        """Keep what the innermost paragraph has said so far, if it says anything."""
        if not self._open:
            return
        paragraph = self._open[-1]
        text = "".join(paragraph.text).strip()
        paragraph.text.clear()
        if not text or not self.is_fdx:
            return
        if self._section == ("TitlePage", "Content"):
            self.title = self.title or text
        elif self._section[0] == "Content" and not paragraph.kind.startswith(_PLANS):
            self._add(paragraph, text)

    def _add(self, paragraph: _Paragraph, text: str) -> None:
        if paragraph.kind == "Scene Heading":
            if not paragraph.omitted:
                self.scenes.open(text, paragraph.line)
        else:
            kind = _KINDS.get(paragraph.kind, ElementKind.ACTION)
            self.scenes.add(Element(kind=kind, text=text, line=paragraph.line))
