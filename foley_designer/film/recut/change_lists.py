"""Change lists: a new cut as stretches of the old reel, given by an EDL, an OTIO or an FCPXML file.

The list's sources are the old reel in its own timecode, its record side the new one. What comes
from elsewhere is new picture.
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.timecode import from_timecode
from foley_designer.film.model import Reel
from foley_designer.film.recut.matching import Match
from foley_designer.screenplay.turnover.timelines import read_otio

MAX_BYTES = 32 * 1024 * 1024
_TC = r"(\d\d[:;]\d\d[:;]\d\d[:;.]\d\d)"
_EVENT = re.compile(
    rf"^\s*\d+\s+(\S+)\s+(\S*V\S*|B)\s+(C|D|W\S*|K\S*)\s+(?:\d+\s+)?{_TC}\s+{_TC}\s+{_TC}\s+{_TC}"
)


class Sides(NamedTuple):
    """The two cuts that a list speaks of, where frames are counted from."""

    old: Reel
    old_origin: int
    """Frame of the day of the old reel's first frame."""
    new_origin: int
    rate: Fraction
    """At which the list counts."""


def sides(old: Reel, new_start: str | None) -> Sides:
    """The cuts of a list: the new one begins where the old one does, or where it says."""
    rate = old.clip.timecode_rate
    origin = from_timecode(old.start, rate)
    return Sides(old, origin, from_timecode(new_start, rate) if new_start else origin, rate)


def read_list(path: Path, cuts: Sides) -> list[Match]:
    """The stretches of a change list, by its suffix: ``.edl``, ``.otio``, ``.fcpxml`` or ``.xml``.

    Raises:
        FoleyError: ``document_invalid`` for what can't be read; ``option_invalid`` for another
            suffix; ``part_missing`` if OTIO's library is not installed.
    """
    readers: dict[str, Callable[[Path, Sides], Iterator[Match]]] = {
        ".edl": _edl,
        ".otio": _otio,
        ".fcpxml": _fcpxml,
        ".xml": _fcpxml,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"{path.name} is no change list.",
            "Give .edl, .otio, .fcpxml.",
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it is larger than 32 MiB")
        found = [one for one in reader(path, cuts) if one.frames > 0]
    except OSError as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"There is no list at {path}.") from error
    except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name}: {error}.") from error
    if not found:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"{path.name} names no picture of {cuts.old.clip.name}.",
            f"Its sources should be the old reel, from {cuts.old.start} on.",
        )
    return found


def _match(cuts: Sides, source: int, record: int, frames: int) -> Match:
    """A stretch in frames of both cuts; what lies outside the old reel is new."""
    old, new = source - cuts.old_origin, record - cuts.new_origin
    inside = old >= 0 and old + frames <= cuts.old.clip.frame_count + 1
    length = min(frames, cuts.old.clip.frame_count - old) if inside else frames
    return Match(new, new + length, old if inside else -1, likeness=1.0 if inside else 0.0)


def _edl(path: Path, cuts: Sides) -> Iterator[Match]:
    """CMX 3600: source in and out, record in and out; black is new."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _EVENT.match(line)
        if not found:
            continue
        name, times = found.group(1), found.groups()[3:]
        source, _, record, end = (from_timecode(time, cuts.rate) for time in times)
        if name.upper() in ("BL", "BLACK"):
            continue
        yield _match(cuts, source, record, end - record)


def _otio(path: Path, cuts: Sides) -> Iterator[Match]:
    """The first picture track of a timeline; gaps are new."""
    otio, timeline = read_otio(path)
    try:
        track = next(one for one in timeline.tracks if one.kind == otio.schema.TrackKind.Video)
    except (AttributeError, StopIteration) as error:
        raise ValueError("it is no timeline with a picture") from error
    at = cuts.new_origin
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        used = item.trimmed_range()
        frames = round(used.duration.value)
        if isinstance(item, otio.schema.Clip):
            one = _match(cuts, round(used.start_time.value), at, frames)
            told = item.metadata.get("foley_designer", {})
            yield one._replace(flipped=bool(told.get("flipped", False)))
        at += frames


def _fcpxml(path: Path, cuts: Sides) -> Iterator[Match]:
    """The clips of a sequence's spine, their times in rational seconds."""
    from defusedxml import ElementTree  # noqa: PLC0415 - beside its use
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415

    try:
        root: Any = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise ValueError(f"it is no FCPXML ({error})") from error
    sequence = root.find(".//sequence")
    spine = sequence.find("spine") if sequence is not None else None
    if spine is None:
        raise ValueError("it has no sequence")
    begin = _frames(sequence.get("tcStart", "0s"), cuts)
    for clip in spine:
        if clip.tag not in ("clip", "asset-clip", "video", "sync-clip"):
            continue
        source, frames = _frames(clip.get("start", "0s"), cuts), _frames(clip.get("duration"), cuts)
        record = _frames(clip.get("offset", "0s"), cuts) - begin + cuts.new_origin
        yield _match(cuts, source, record, frames)


def _frames(seconds: str, cuts: Sides) -> int:
    """Frames of rational seconds such as ``1001/24000s``."""
    return round(Fraction(seconds.removesuffix("s")) * cuts.rate)
