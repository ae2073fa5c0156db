"""Remarks of a table: CSV or tab-separated, with a row of headings or without."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from foley_designer.core.timecode import frame_at
from foley_designer.screenplay.text import word_set
from foley_designer.screenplay.turnover.remark import (
    Remark,
    RemarkList,
    frame_of,
    is_timecode,
    told,
)

_BEGINS = (
    "timecode|tc|in|tc in|timecode in|in point|record in|start|start time|start tc|location|"
    "position|time|at|seconds"
)
_ENDS = "out|tc out|timecode out|out point|record out|end|end time|end tc"
_LENGTHS = "duration|length"
_WORDS = (
    "comment|comments|description|note|notes|text|remark|remarks|message|wish|marker name|name|"
    "marker|action|cue"
)
_COLOURS = word_set(
    "red green blue cyan magenta yellow black white pink purple orange teal fuchsia lemon sand "
    "cocoa lavender sky mint rose cream"
)
_PLAIN_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")
_TRACK = re.compile(r"[VA]\d{0,2}|TC1|D1", re.IGNORECASE)


class _Columns(NamedTuple):
    """Which column says what; -1 for none, words in the order in which they are read."""

    begin: int
    end: int
    length: int
    words: tuple[int, ...]


def parse(text: str, rate: Fraction) -> RemarkList:
    """The remarks of a table.

    With headings: a column of timecodes or seconds, one of words, and end or duration where there
    is one. Without: as Avid writes markers, a row's first timecode and its longest other words.

    Args:
        text: the file.
        rate: of the picture, which tables do not say.

    Raises:
        ValueError: no column of times or of words, or a timecode that this rate does not have.
    """
    first = text.split("\n", 1)[0]
    delimiter = max("\t,;", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    head = next((n for n, row in enumerate(rows[:20]) if _columns(row) is not None), None)
    if head is None:
        remarks = tuple(_bare(rows, rate))
    else:
        columns = _columns(rows[head])
        assert columns is not None
        remarks = tuple(_headed(rows, head, columns, rate))
    cells = [cell for row in rows for cell in row if is_timecode(cell)]
    return RemarkList(remarks, rate, any(";" in cell for cell in cells), not cells)


def _columns(row: Sequence[str]) -> _Columns | None:
    """What a row of headings says, None if it is none."""
    heads = [cell.strip().lower() for cell in row]

    def place(names: str) -> int:
        return next((heads.index(name) for name in names.split("|") if name in heads), -1)

    words = tuple(heads.index(name) for name in _WORDS.split("|") if name in heads)
    begin = place(_BEGINS)
    if begin < 0 or not words:
        return None
    return _Columns(begin, place(_ENDS), place(_LENGTHS), words)


def _headed(
    rows: Sequence[Sequence[str]], head: int, columns: _Columns, rate: Fraction
) -> Iterator[Remark]:
    for number, row in enumerate(rows[head + 1 :], start=head + 2):

        def cell(place: int, row: Sequence[str] = row) -> str:
            return row[place].strip().removeprefix("'") if 0 <= place < len(row) else ""

        said = [cell(place) for place in columns.words]
        words = next((one for one in said if one), "")
        if not cell(columns.begin) or not words:
            continue
        begin = _frames(cell(columns.begin), rate)
        length = 0
        if cell(columns.end):
            length = _frames(cell(columns.end), rate) - begin
        elif cell(columns.length):
            length = _frames(cell(columns.length), rate)
        yield Remark(begin, length if length > 1 else 0, told(words), number)


def _bare(rows: Sequence[Sequence[str]], rate: Fraction) -> Iterator[Remark]:
    found = False
    for number, row in enumerate(rows, start=1):
        times = [place for place, cell in enumerate(row) if is_timecode(cell)]
        if not times:
            continue
        found = True
        is_last = times[-1] == len(row) - 1  # what stands before a time is a name, if more follows
        beside = row[: times[0]] if is_last else row[times[-1] + 1 :]
        words = max((cell.strip() for cell in beside if _is_words(cell)), key=len, default="")
        if not words:
            continue
        begin = frame_of(row[times[0]], rate)
        length = frame_of(row[times[1]], rate) - begin if len(times) > 1 else 0
        yield Remark(begin, length if length > 1 else 0, told(words), number)
    if not found:
        raise ValueError("it has no column of timecodes beside one of words")


def _is_words(cell: str) -> bool:
    plain = cell.strip()
    is_other = (
        _PLAIN_NUMBER.fullmatch(plain) or _TRACK.fullmatch(plain) or plain.lower() in _COLOURS
    )
    return bool(plain) and not is_other and not is_timecode(plain)


def _frames(cell: str, rate: Fraction) -> int:
    """Frames of a timecode, or of seconds."""
    if is_timecode(cell):
        return frame_of(cell, rate)
    if _PLAIN_NUMBER.fullmatch(cell):
        return frame_at(float(cell), rate)
    raise ValueError(f"{cell[:20]!r} is neither a timecode nor seconds")
