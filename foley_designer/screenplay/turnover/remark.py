"""Remarks: words of an editor at a time, before it is known which picture they are about."""

import re
from fractions import Fraction
from typing import NamedTuple

from foley_designer.core.timecode import from_timecode

MOST_LETTERS = 400
"""Of a remark; the rest is cut off, and the remark ends with an ellipsis."""


class Remark(NamedTuple):
    """What a list says at a time."""

    frame: int
    """Of the day, counted at the list's rate."""
    frames: int
    """How long it lasts; 0 for a moment."""
    text: str
    line: int
    """Of the file, from 1; the number of the marker if a file has no lines."""


class RemarkList(NamedTuple):
    """The remarks of one file."""

    remarks: tuple[Remark, ...]
    rate: Fraction
    """Frames a second at which it counts."""
    drop_frame: bool | None = None
    """As its timecode is written; None takes the picture's way."""
    from_first: bool = False
    """Whether its frames count from the picture's first: a list without timecode."""


def told(words: str) -> str:
    """A remark's text on one line."""
    plain = " ".join(words.split())
    return plain if len(plain) <= MOST_LETTERS else plain[: MOST_LETTERS - 1] + "…"


_TIMECODE = re.compile(r"\d\d?[:;.]\d\d[:;.]\d\d[:;.]\d\d(?:\.\d\d)?")


def is_timecode(cell: str) -> bool:
    """Whether a cell holds a timecode and nothing else."""
    return _TIMECODE.fullmatch(cell.strip()) is not None


def frame_of(cell: str, rate: Fraction) -> int:
    """Frame of the day of a timecode as lists write it: subframes and one digit's hour too.

    Raises:
        ValueError: it is none, or there is none such at this rate.
    """
    text = cell.strip()
    if not is_timecode(text):
        raise ValueError(f"{text[:20]!r} is no timecode")
    text = re.sub(r"(?<=\d\d[:;.]\d\d)\.\d\d$", "", text) if text.count(".") == 1 else text
    drop = ";" in text
    parts = re.split(r"[:;.]", text)
    hours, minutes, seconds, frames = (int(part) for part in parts[:4])
    mark = ";" if drop else ":"
    return from_timecode(f"{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:02}", rate)
