"""Final Draft XML. Entities and external references are refused, not expanded."""

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
_CONTENT = ["FinalDraft", "Content"]
_TITLE = ["FinalDraft", "TitlePage", "Content"]


def parse(data: bytes) -> Screenplay:
    """Parse an FDX file; shots and other paragraph types are action.

    Raises:
        ValueError: it is not well-formed, not Final Draft's, or declares entities.
    """
    handler = _Handler()
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


class _Handler(ContentHandler):
    """Collects paragraphs of the script's content; notes inside them are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.is_fdx = False
        self.title = ""
        self.scenes = SceneList()
        self._path: list[str] = []
        self._kind = ""
        self._line = 1
        self._text: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (SAX's name)
        self._path.append(name)
        self.is_fdx = self.is_fdx or self._path == ["FinalDraft"]
        if name == "Paragraph" and "ScriptNote" not in self._path:
            self._finish()
            self._kind = attrs.get("Type", "Action")
            self._line = self._locator_line()

    def endElement(self, name: str) -> None:  # noqa: N802 (SAX's name)
        if name == "Paragraph" and "ScriptNote" not in self._path:
            self._finish()
        self._path.pop()

    def characters(self, content: str) -> None:
        if self._path[-1] == "Text" and "ScriptNote" not in self._path:
            self._text.append(content)

    def _locator_line(self) -> int:
        locator: Any = getattr(self, "_locator", None)
        return locator.getLineNumber() if locator is not None else 1

    def _finish(self) -> None:
        """Keep the paragraph that was collected so far, if it says anything."""
        text = "".join(self._text).strip()
        self._text = []
        if not text:
            return
        if self._path[:3] == _TITLE:
            self.title = self.title or text
        elif self._path[:2] != _CONTENT:
            return
        elif self._kind == "Scene Heading":
            self.scenes.open(text, self._line)
        else:
            kind = _KINDS.get(self._kind, ElementKind.ACTION)
            self.scenes.add(Element(kind=kind, text=text, line=self._line))
