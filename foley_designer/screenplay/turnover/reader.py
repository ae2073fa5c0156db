"""The one door for lists of remarks. What they say is data and is never interpreted here."""

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.timecode import from_timecode
from foley_designer.screenplay.text import decode
from foley_designer.screenplay.turnover import edl, session_text, tables, timelines
from foley_designer.screenplay.turnover.remark import Remark, RemarkList

STEP = "turnover"
MAX_BYTES = 8 * 1024 * 1024
MOST = 5000
"""Remarks of a list; a feature has some hundreds a reel."""


class Timed(NamedTuple):
    """A remark on the picture's time."""

    time_s: float
    end_s: float | None
    """None for a moment."""
    text: str
    source: str
    """File and line."""


class Picture(NamedTuple):
    """What a list's timecode is counted on."""

    start: str | None
    """Timecode of the first frame; None if the picture carries none."""
    rate: Fraction
    seconds: float
    any_hour: bool = True
    """Whether a list that counts from another hour may be about it."""


def read_remarks(path: Path, rate: Fraction) -> RemarkList:
    """Read a list of remarks: EDL, OTIO, CSV or tab-separated text, Pro Tools' session text.

    Args:
        path: the file.
        rate: frames a second at which the picture's timecode counts, for lists that say none.

    Raises:
        FoleyError: ``option_invalid`` if there is no such file; ``document_invalid`` for what
            can't be read or says nothing; ``part_missing`` if OTIO's library is not installed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FoleyError(
            ErrorCode.OPTION_INVALID, f"There is no list of markers at {path}.", "Check the path."
        ) from error
    try:
        if len(data) > MAX_BYTES:
            raise ValueError("it is larger than 8 MiB")
        found = _read(path, data, rate)
        if len(found.remarks) > MOST:
            raise ValueError(f"it has more than {MOST} markers")
    except (ValueError, OverflowError, csv.Error) as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"{path.name} can't be read as a list of markers: {error}.",
            "Give an EDL with locators, OTIO, CSV with timecodes, or Pro Tools session text.",
        ) from error
    if not found.remarks:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"{path.name} holds no marker with words.",
            "Name markers, or give comments to them, before they are written out.",
        )
    return found


def _read(path: Path, data: bytes, rate: Fraction) -> RemarkList:
    if path.suffix.lower() == ".otio":
        return timelines.parse(path, rate)
    text = decode(data)
    if session_text.is_session_text(text):
        return session_text.remarks(text)
    if path.suffix.lower() == ".edl":
        return edl.parse(text, rate)
    return tables.parse(text, rate)


def on_picture(
    name: str, found: RemarkList, picture: Picture
) -> tuple[tuple[Timed, ...], tuple[Note, ...]]:
    """The remarks that lie on a picture, and notes of what was decided and left out.

    A list that lies wholly beside the picture, by whole hours, is taken for one that counts from
    another hour, unless the picture says otherwise.

    Args:
        name: of the list.
        found: its remarks.
        picture: that they are about.
    """
    origin, hours = _origin(found, picture)
    notes = []
    if hours:
        text = f"{name} counts from another hour than the picture: moved by {hours:+} h."
        notes.append(Note(kind=NoteKind.DECISION, step=STEP, text=text))
    if found.rate != picture.rate:
        text = (
            f"{name} counts {float(found.rate):.6g} frames a second, the picture "
            f"{float(picture.rate):.6g}: read at its own rate."
        )
        notes.append(Note(kind=NoteKind.DECISION, step=STEP, text=text))
    inside, outside = [], 0
    for one in found.remarks:
        at = float((one.frame - origin) / found.rate)
        if not -1e-9 <= at < picture.seconds:
            outside += 1
            continue
        end = min(at + float(one.frames / found.rate), picture.seconds) if one.frames else None
        inside.append(Timed(max(0.0, at), end, one.text, f"{name}, {one.line}"))
    if outside:
        text = f"{outside} of {len(found.remarks)} markers of {name} lie outside the picture."
        notes.append(Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text))
    return tuple(inside), tuple(notes)


def _origin(found: RemarkList, picture: Picture) -> tuple[int, int]:
    """Frame of the list at which the picture begins, and hours by which the list is off."""
    if found.from_first:
        return 0, 0
    start = picture.start or "00:00:00:00"
    drop = found.drop_frame if found.drop_frame is not None else ";" in start
    mark = ";" if drop else ":"
    start = f"{start[:8]}{mark}{start[9:]}"
    origin = from_timecode(start, found.rate) if _exists(start, found.rate) else 0
    hour = from_timecode(f"01:00:00{mark}00", found.rate)
    length = picture.seconds * found.rate
    if _inside(found.remarks, origin, length) or not picture.any_hour:
        return origin, 0
    for hours in range(-23, 24):
        if _inside(found.remarks, origin + hours * hour, length):
            return origin + hours * hour, -hours
    return origin, 0


def _inside(remarks: Sequence[Remark], origin: int, length: float) -> bool:
    return any(0 <= one.frame - origin < length for one in remarks)


def _exists(timecode: str, rate: Fraction) -> bool:
    try:
        from_timecode(timecode, rate)
    except ValueError:
        return False
    return True
