"""Remarks of an OpenTimelineIO timeline: markers of the sequence, its tracks and its clips."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.timecode import named_rate
from foley_designer.screenplay.turnover.remark import Remark, RemarkList, told


def read_otio(path: Path) -> tuple[Any, Any]:
    """The library and what it reads in a file.

    Raises:
        ValueError: it is no timeline.
        FoleyError: ``part_missing`` if the library is not installed.
    """
    try:
        import opentimelineio as otio  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "OpenTimelineIO is not installed.",
            "Install foley-designer[export].",
        ) from error
    adapters: Any = otio.adapters
    try:
        return otio, adapters.read_from_file(str(path), adapter_name="otio_json")
    except otio.exceptions.OTIOError as error:
        raise ValueError("it is no timeline") from error


def parse(path: Path, rate: Fraction) -> RemarkList:
    """The markers of a timeline, on its own time; clips' markers where the sequence shows them.

    Args:
        path: the file.
        rate: of the picture, for a timeline without a start.

    Raises:
        ValueError: it is no timeline.
        FoleyError: ``part_missing`` if the library is not installed.
    """
    otio, timeline = read_otio(path)
    try:
        start = timeline.global_start_time
        base = named_rate(f"{start.rate:.5f}") if start else rate
        found = sorted(_remarks(otio, timeline, base), key=lambda one: (one.frame, one.line))
    except (otio.exceptions.OTIOError, AttributeError, TypeError) as error:
        raise ValueError("it is no timeline") from error
    return RemarkList(tuple(found), base, from_first=start is None)


def _remarks(otio: Any, timeline: Any, rate: Fraction) -> Iterator[Remark]:
    """Markers with frames of the day, or from the timeline's begin if it has no start."""
    start = timeline.global_start_time
    origin = round(start.rescaled_to(float(rate)).value) if start else 0
    number = 0
    for marker, first in _placed(otio, timeline):
        number += 1
        words = marker.comment or marker.name
        if not words.strip():
            continue
        at = round(first.rescaled_to(float(rate)).value)
        at += 0 if at >= origin and start else origin
        length = round(marker.marked_range.duration.rescaled_to(float(rate)).value)
        yield Remark(at, length if length > 1 else 0, told(words), number)


def _placed(otio: Any, timeline: Any) -> Iterator[tuple[Any, Any]]:
    """Each marker, and its time in the sequence."""
    for marker in timeline.tracks.markers:
        yield marker, marker.marked_range.start_time
    for track in timeline.tracks:
        for marker in track.markers:
            yield marker, marker.marked_range.start_time
        for clip in track.find_clips():
            if track.kind != otio.schema.TrackKind.Video:
                continue
            for marker in clip.markers:
                at = marker.marked_range.start_time
                yield marker, clip.transformed_time(at, timeline.tracks)
