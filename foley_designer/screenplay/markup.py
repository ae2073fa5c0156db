"""HTML to plain text: what a browser shows, a line a block."""

from html.parser import HTMLParser

from foley_designer.screenplay.text import word_set

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "iframe"})
_BLOCKS = word_set(
    "p div section article header footer main h1 h2 h3 h4 h5 h6 ul ol li table tr pre "
    "blockquote dl dt dd body hr center figure figcaption"
)


def text_of(source: str) -> str:
    """The text of an HTML page; scripts, styles and the head are left out.

    Raises:
        ValueError: the page shows no text.
    """
    parser = _Parser()
    parser.feed(source)
    parser.close()
    text = "".join(parser.kept)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    joined = "\n".join(lines).strip()
    if not joined:
        raise ValueError("it is an HTML page without text")
    return joined


class _Parser(HTMLParser):
    """Collects shown text; a block stands between blank lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "br":
            self.kept.append("\n")
        elif tag in _BLOCKS:
            self.kept.append("\n\n")
        elif tag in ("td", "th"):
            self.kept.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag == "body":  # a head that was never closed
            self._silent.clear()
        elif tag in _BLOCKS:
            self.kept.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.kept.append(data.replace("\n", " "))
