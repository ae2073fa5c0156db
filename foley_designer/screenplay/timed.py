"""Timed text: descriptions and captions in WebVTT or SubRip, with their times."""

import re
import warnings

from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay, ScriptScene

_SOUND = re.compile(r"[\[(]([^\[\]()]+)[\])]")
_TAG = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_VOICE = re.compile(r"<v[ .]")
_TIMES = re.compile(r"-->")
_SHORT = re.compile(r"(?<![\d:])(?=\d{1,2}:\d{2}[.,]\d{1,3}(?:\s*-->|\s*$))", re.MULTILINE)
"""Where a SubRip time without hours begins; WebVTT allows that, SubRip's readers don't."""


def parse(text: str, form: str) -> Screenplay:
    """One scene of timed elements.

    In captions, what stands in brackets is a sound or an action and the rest is dialogue. A file
    without any bracketed cue is taken for a description: all of it is action.

    Args:
        text: the file.
        form: ``vtt`` or ``srt``.

    Raises:
        ValueError: the text has no cue that can be read, though it is not empty.
    """
    import pysubs2  # noqa: PLC0415 (only for timed text)

    if not text.strip() or text.strip() == "WEBVTT":
        return Screenplay(format=form)
    if form == "srt":
        text = _SHORT.sub("00:", text)
    try:
        with warnings.catch_warnings(action="ignore"):  # of odd numbers and orders, which are read
            subtitles = pysubs2.SSAFile.from_string(text, format_=form)
    except (pysubs2.Pysubs2Error, ValueError, IndexError) as error:
        raise ValueError(f"it is not {form.upper()}") from error
    if not subtitles.events:
        raise ValueError(f"it has no {form.upper()} cue")
    lines = [i for i, line in enumerate(text.split("\n"), 1) if _TIMES.search(line)]
    if len(lines) != len(subtitles.events):
        lines = [1] * len(subtitles.events)
    captions = any(_SOUND.fullmatch(_plain(cue.text)) for cue in subtitles.events)
    elements = [
        element
        for cue, line in zip(subtitles.events, lines, strict=True)
        for element in _elements(
            cue.text, cue.start / 1000, max(cue.start, cue.end) / 1000, line, captions
        )
    ]
    elements.sort(key=lambda element: element.start_s or 0.0)
    scene = ScriptScene(line=1, elements=tuple(elements))
    return Screenplay(format=form, scenes=(scene,) if elements else ())


def _elements(raw: str, start_s: float, end_s: float, line: int, captions: bool) -> list[Element]:
    """A cue's elements: bracketed parts as action, the rest as dialogue in captions."""
    text = _plain(raw)
    spoken = captions or _VOICE.search(raw) is not None
    pieces = (
        [(ElementKind.ACTION, match[1]) for match in _SOUND.finditer(text)]
        + [(ElementKind.DIALOGUE, _SOUND.sub("", text))]
        if spoken
        else [(ElementKind.ACTION, text)]
    )
    return [
        Element(kind=kind, text=piece.strip(), line=line, start_s=start_s, end_s=end_s)
        for kind, piece in pieces
        if piece.strip()
    ]


def _plain(raw: str) -> str:
    """A cue's text without markup, on one line a line."""
    return _TAG.sub("", raw.replace("\\N", "\n").replace("\\n", "\n")).strip()
