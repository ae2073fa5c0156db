"""The one door for script files. What they say is data and is never interpreted."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.screenplay import Screenplay
from foley_designer.screenplay import fdx, fountain, markup, office, prose, rtf, timed
from foley_designer.screenplay.forms import SUFFIXES, Form, packed_form, text_form
from foley_designer.screenplay.language import language_of
from foley_designer.screenplay.text import decode

STEP = "input"
MAX_BYTES = 4 * 1024 * 1024
"""A feature film's screenplay has about 200 kB."""
MAX_PACKED_BYTES = 32 * 1024 * 1024
"""Of PDF, Word and RTF, which may carry fonts and pictures."""

_UNPACK: dict[Form, Callable[[bytes], str]] = {
    Form.RTF: rtf.text_of,
    Form.DOCX: office.docx_text,
    Form.PDF: office.pdf_text,
}
_PARSE: dict[Form, Callable[[str], Screenplay]] = {
    Form.FOUNTAIN: fountain.parse,
    Form.VTT: lambda text: timed.parse(text, "vtt"),
    Form.SRT: lambda text: timed.parse(text, "srt"),
    Form.PROSE: prose.parse,
}


class OpenedScript(NamedTuple):
    """A script that was read, and what was decided on the way."""

    screenplay: Screenplay
    notes: tuple[Note, ...]


def open_script(path: Path) -> OpenedScript:
    """Read a screenplay or a description in whatever form its content has.

    Fountain, Final Draft XML, WebVTT, SubRip and plain text are read as they are; RTF and HTML,
    and with the extra ``scripts`` Word and PDF, by their text. An empty file has zero scenes.

    Args:
        path: the file.

    Returns:
        The screenplay, with a note for a form that its name didn't promise, for text that had
        to be taken out of another format, and for a language that is not understood.

    Raises:
        FoleyError: ``script_not_found``, ``script_too_large``, ``script_unreadable`` with the
            name of what it is, or ``part_missing`` with the line that installs the reader.
    """
    data = _bytes(path)
    suffix = path.suffix.lower()
    try:
        packed = packed_form(data)
        _check_size(path, len(data), MAX_PACKED_BYTES if packed else MAX_BYTES)
        text = _UNPACK[packed](data) if packed else decode(data)
        form = text_form(text, "" if packed else suffix)
        if form is Form.HTML:
            packed, text = form, markup.text_of(text)
            form = text_form(text, "")
        screenplay = fdx.parse(data) if form is Form.FDX else _PARSE[form](text)
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    notes = [*_form_notes(path, suffix, packed, form), *_content_notes(path, screenplay)]
    return OpenedScript(screenplay, tuple(notes))


def description_notes(description: str | None) -> tuple[Note, ...]:
    """What must be said about a description: a language that is not understood."""
    return _language_notes("The description", description or "")


def _form_notes(path: Path, suffix: str, packed: Form | None, form: Form) -> list[Note]:
    """Tell a form that the name didn't promise, and text that was taken out of another format."""
    if packed is not None:
        text = f"{path.name} is {packed.value}: its text alone was read, as {form.value}."
    elif SUFFIXES.get(suffix, form) not in (form, Form.FOUNTAIN):
        text = f"{path.name} is {form.value}, whatever its name says, and was read so."
    else:
        return []
    return [Note(kind=NoteKind.DECISION, step=STEP, text=text)]


def _content_notes(path: Path, screenplay: Screenplay) -> list[Note]:
    said = "\n".join(
        f"{scene.heading}\n" + "\n".join(element.text for element in scene.elements)
        for scene in screenplay.scenes
    )
    if not said.strip():
        text = f"{path.name} says nothing: the clip is designed as if there were no script."
        return [Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text)]
    return list(_language_notes(path.name, said))


def _language_notes(what: str, said: str) -> tuple[Note, ...]:
    language = language_of(said)
    if language in (None, "English"):
        return ()
    text = (
        f"{what} seems to be in {language}. Only English is understood without a language model: "
        "say in English what happens with --describe, or configure a model."
    )
    return (Note(kind=NoteKind.ADVICE, step=STEP, text=text),)


def _unreadable(path: Path, why: str) -> FoleyError:
    return FoleyError(
        ErrorCode.SCRIPT_UNREADABLE,
        f"{path.name} cannot be read: {why}.",
        "Save it as Fountain, FDX, plain text, RTF, VTT or SRT.",
    )


def _bytes(path: Path) -> bytes:
    """The file's bytes, one more than the largest limit at most."""
    if not path.is_file():
        raise FoleyError(
            ErrorCode.SCRIPT_NOT_FOUND,
            f"There is no script file {path.name}.",
            "Check the path; the clip can also be designed without a script.",
        )
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PACKED_BYTES + 1)
    except OSError as error:
        raise FoleyError(
            ErrorCode.SCRIPT_UNREADABLE,
            f"{path.name} cannot be opened: {error.strerror}.",
            "Check its permissions.",
        ) from error
    return data


def _check_size(path: Path, size: int, most: int) -> None:
    if size > most:
        raise FoleyError(
            ErrorCode.SCRIPT_TOO_LARGE,
            f"{path.name} is larger than {most // 2**20} MiB.",
            "Give the scene's excerpt alone.",
        )
