"""Remarks of an EDL: Avid's locators, Resolve's markers and the comments of events."""

import re
from collections.abc import Iterator
from fractions import Fraction

from foley_designer.screenplay.turnover.remark import Remark, RemarkList, frame_of, told

MOST_OF_A_LINE = 2000
"""Letters; a longer line is none of a list's."""
_TC = r"\d\d[:;]\d\d[:;]\d\d[:;.]\d\d"
_EVENT = re.compile(rf"^\s*\d+\s+\S+\s+\S+\s+\S+.*?{_TC}\s+{_TC}\s+({_TC})\s+({_TC})\s*$")
_LOCATOR = re.compile(rf"^\*\s*LOC:\s*({_TC})\s+(\S+)\s*(.*)$", re.IGNORECASE)
_MARKER = re.compile(r"^(.*?)\|C:\S*\s*\|M:(.*?)\s*\|D:(\d+)\s*$")
_COMMENT = re.compile(r"^\*\s*COMMENT:\s*(.+)$", re.IGNORECASE)


def parse(text: str, rate: Fraction) -> RemarkList:
    """The remarks of a CMX 3600 list.

    ``* LOC: TIMECODE COLOUR WORDS`` stands at its own timecode, on the record side;
    ``WORDS |C:COLOUR |M:NAME |D:FRAMES`` and ``* COMMENT: WORDS`` at the event above them.

    Args:
        text: the file.
        rate: of the picture, which the list does not say.

    Raises:
        ValueError: a timecode that this rate does not have.
    """
    remarks = tuple(_remarks(text, rate))
    drop = re.search(r"\d\d:\d\d:\d\d;\d\d", text) is not None
    return RemarkList(remarks, rate, drop)


def _remarks(text: str, rate: Fraction) -> Iterator[Remark]:
    at: int | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MOST_OF_A_LINE:
            continue
        if event := _EVENT.match(line):
            at = frame_of(event[1], rate)
        elif locator := _LOCATOR.match(line):
            if locator[3].strip():
                yield Remark(frame_of(locator[1], rate), 0, told(locator[3]), number)
        elif at is not None and (marker := _MARKER.match(line.strip())):
            words = marker[1].strip() or marker[2].strip()
            if words:
                length = int(marker[3])
                yield Remark(at, length if length > 1 else 0, told(words), number)
        elif at is not None and (comment := _COMMENT.match(line)):
            yield Remark(at, 0, told(comment[1]), number)
