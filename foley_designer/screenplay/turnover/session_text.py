"""Pro Tools' "session info as text": tracks with the clips on them, and markers."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from foley_designer.core.timecode import named_rate
from foley_designer.screenplay.turnover.remark import Remark, RemarkList, frame_of, told

HEAD = "SESSION NAME:"
TRACKS = "T R A C K  L I S T I N G"
MARKERS = "M A R K E R S  L I S T I N G"
_FORMAT = re.compile(r"([\d.]+)\s*(drop)?", re.IGNORECASE)


class TrackClip(NamedTuple):
    """A clip on a track."""

    track: str
    channel: int
    name: str
    start: int
    """Frame of the day."""
    end: int
    line: int


class SessionText(NamedTuple):
    """What such a file says."""

    rate: Fraction
    drop_frame: bool
    start: int
    """Frame of the day at which the session begins."""
    sample_rate: int
    clips: tuple[TrackClip, ...]
    markers: tuple[Remark, ...]


def is_session_text(text: str) -> bool:
    """Whether a text is one."""
    return text.lstrip().startswith(HEAD)


def parse(text: str) -> SessionText:
    """Read a session's text.

    Args:
        text: the file.

    Raises:
        ValueError: it is none, it counts in bars or minutes instead of timecode, or a timecode
            does not exist at its rate.
    """
    if not is_session_text(text):
        raise ValueError("it does not begin with SESSION NAME")
    head = dict(_head(text))
    form = _FORMAT.match(head.get("TIMECODE FORMAT", ""))
    if form is None:
        raise ValueError("it says no TIMECODE FORMAT")
    rate = named_rate(form[1])
    try:
        start = frame_of(head.get("SESSION START TIMECODE", ""), rate)
    except ValueError as error:
        raise ValueError(f"its SESSION START TIMECODE: {error}") from error
    sample_rate = round(float(head.get("SAMPLE RATE", "0") or 0))
    clips = tuple(_clips(text, rate))
    return SessionText(rate, bool(form[2]), start, sample_rate, clips, tuple(_markers(text, rate)))


def remarks(text: str) -> RemarkList:
    """Its markers; if it has none, the names of the clips on its tracks, as they are spotted.

    Raises:
        ValueError: as `parse`.
    """
    found = parse(text)
    spotted = found.markers or tuple(
        Remark(clip.start, clip.end - clip.start, told(clip.name), clip.line)
        for clip in found.clips
        if clip.channel == 1 and not clip.name.startswith("(")
    )
    return RemarkList(spotted, found.rate, found.drop_frame)


def _head(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n")[:20]:
        name, _, value = line.partition(":\t")
        if value:
            yield name.strip(), value.strip()


def _clips(text: str, rate: Fraction) -> Iterator[TrackClip]:
    track = ""
    for number, cells in _section(text, TRACKS):
        if cells[0].strip() == "TRACK NAME:" and len(cells) > 1:
            track = cells[1].strip()
        elif len(cells) > 5 and cells[0].strip().isdigit():
            name, start, end = cells[2].strip(), cells[3], cells[4]
            begin = frame_of(start, rate)
            yield TrackClip(track, int(cells[0]), name, begin, frame_of(end, rate), number)


def _markers(text: str, rate: Fraction) -> Iterator[Remark]:
    heads: list[str] = []
    for number, cells in _section(text, MARKERS):
        if cells[0].strip() == "#":
            heads = [cell.strip() for cell in cells]
        elif cells[0].strip().isdigit() and len(cells) > 4:
            comment = heads.index("COMMENTS") if "COMMENTS" in heads else len(cells)
            name = cells[4].strip()
            said = cells[comment].strip() if comment < len(cells) else ""
            words = said if len(said) > len(name) else name
            if words:
                yield Remark(frame_of(cells[1], rate), 0, told(words), number)


def _section(text: str, title: str) -> Iterator[tuple[int, list[str]]]:
    """Lines of a section as cells, with their numbers from 1."""
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        if re.fullmatch(r"(\S ){3,}.*", line.strip()):
            inside = line.strip() == title
        elif inside and line.strip():
            yield number, line.split("\t")
