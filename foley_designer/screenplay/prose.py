"""Plain prose: a description without headings is one scene of action paragraphs."""

from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay, ScriptScene


def parse(text: str) -> Screenplay:
    """One scene with one action element a paragraph; no scene if there is no text."""
    elements: list[Element] = []
    paragraph: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            paragraph.append(line.strip())
        elif paragraph:
            first = number - len(paragraph)
            joined = "\n".join(paragraph)
            elements.append(Element(kind=ElementKind.ACTION, text=joined, line=first))
            paragraph = []
    scenes = (ScriptScene(line=elements[0].line, elements=tuple(elements)),) if elements else ()
    return Screenplay(format="prose", scenes=scenes)
