"""Decoding: what a clip's container says, and its pictures as a stream. The sound is never read."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash

Image = NDArray[np.uint8]
"""A colour picture, BGR ``[height, width, 3]``."""

MAX_SIDE = 16_384
"""Longest side of a picture, pixels."""
MAX_DURATION_S = 4 * 3600.0
USUAL_RATES = tuple(
    Fraction(rate)
    for rate in (12, 15, "24000/1001", 24, 25, "30000/1001", 30, 48, 50, "60000/1001", 60)
)
"""Rates that a measured rate within 0.1 % is taken for."""
NOT_CLIPS = ("image2", "_pipe", "tty", "concat", "hls", "dash")
"""Formats that FFmpeg opens as video though they are pictures, text or lists of other files."""


@dataclass(frozen=True)
class Frame:
    """One picture of a clip."""

    index: int
    """Position in presentation order."""
    time_s: float
    """Presentation time in seconds from the first picture's."""
    image: Image


class _Timing(NamedTuple):
    """Presentation of all pictures of a stream."""

    times_s: NDArray[np.float64]
    duration_s: float
    rate: Fraction
    variable: bool


def probe(path: Path) -> Clip:
    """Read what the container says about picture and time, and decode one frame.

    Raises:
        FoleyError: ``clip_not_found``, ``clip_empty``, ``clip_unreadable``,
            ``clip_without_video`` or ``clip_too_large``.
    """
    with _open(path) as container:
        stream = _picture_stream(container, path)
        first = _first_frame(container, stream, path)
        width, height = _display_size(first, stream)
        if max(width, height) > MAX_SIDE:
            raise FoleyError(
                ErrorCode.CLIP_TOO_LARGE,
                f"{path.name} has pictures of {width}×{height} pixels.",
                f"Scale it to at most {MAX_SIDE} pixels a side.",
            )
        container.seek(0)
        timing = _timing(container, stream)
        timecode = stream.metadata.get("timecode") or container.metadata.get("timecode")
    if timing.duration_s > MAX_DURATION_S:
        raise FoleyError(
            ErrorCode.CLIP_TOO_LARGE,
            f"{path.name} lasts {timing.duration_s / 3600:.1f} hours.",
            "Cut it into scenes of at most four hours.",
        )
    return Clip(
        name=path.name,
        sha256=file_hash(path),
        width=width,
        height=height,
        rate=timing.rate,
        duration_s=timing.duration_s,
        frame_count=max(1, round(timing.duration_s * timing.rate)),
        variable_rate=timing.variable,
        timecode=timecode,
    )


def frames(path: Path, max_width: int) -> Iterator[Frame]:
    """Decode the pictures once, upright, reduced to at most ``max_width`` pixels across.

    Pictures that can't be decoded are left out; the next one's own time stands.

    Raises:
        FoleyError: as `probe`.
    """
    with _open(path) as container:
        stream = _picture_stream(container, path)
        stream.thread_type = "AUTO"
        fallback = float(_stated_rate(stream))
        reformatter = VideoReformatter()
        start: float | None = None
        for index, frame in enumerate(_decoded(container, stream)):
            time_s = frame.time if frame.time is not None else index / fallback
            start = time_s if start is None else start
            yield Frame(index, time_s - start, _upright(frame, stream, max_width, reformatter))
        if start is None:
            raise _unreadable(path, "no picture in it can be decoded")


class Pictures:
    """Single pictures of a clip by time, decoded near where they are asked for.

    Asking in time order is quick. It holds a few pictures alone, and a file that it closes when
    the ``with`` block ends.

    Args:
        path: the clip.
        max_width: pixels across at most.

    Raises:
        FoleyError: as `probe`.
    """

    KEPT = 24
    LEAP_S = 2.0
    """How far ahead it decodes on before it seeks instead."""
    SLACK_S = 1e-3

    def __init__(self, path: Path, max_width: int) -> None:
        self._container = _open(path)
        self._stream = _picture_stream(self._container, path)
        self._max_width = max_width
        self._reformatter = VideoReformatter()
        self._start_s = _first_frame(self._container, self._stream, path).time or 0.0
        self._recent: deque[tuple[float, VideoFrame]] = deque(maxlen=self.KEPT)
        self._seek(0.0)

    def __enter__(self) -> "Pictures":
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def at(self, time_s: float) -> Frame:
        """The picture on screen at a time; the first one before it, the last one after the end."""
        time_s = max(0.0, time_s) + self.SLACK_S
        known = self._recent
        if not known or not known[0][0] <= time_s <= known[-1][0] + self.LEAP_S:
            self._seek(time_s)
        while not known or known[-1][0] <= time_s:
            frame = next(self._coming, None)
            if frame is None:
                break
            known.append(((frame.time or 0.0) - self._start_s, frame))
        shown = [one for one in known if one[0] <= time_s] or list(known)[:1]
        if not shown:
            raise _unreadable(Path(self._container.name), "no picture in it can be decoded")
        at_s, picture = shown[-1]
        image = _upright(picture, self._stream, self._max_width, self._reformatter)
        return Frame(-1, max(0.0, at_s), image)

    def _seek(self, time_s: float) -> None:
        """Go to the key picture before a time, or to the beginning where that can't be found."""
        self._recent.clear()
        base = self._stream.time_base or Fraction(1, 90_000)
        target = int((time_s + self._start_s) / base)
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except FFmpegError:
            self._container.seek(0)
        self._coming = _decoded(self._container, self._stream)


def _open(path: Path) -> InputContainer:
    if not path.is_file():
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND, f"There is no clip at {path}.", "Check the path."
        )
    if path.stat().st_size == 0:
        raise FoleyError(ErrorCode.CLIP_EMPTY, f"{path.name} is empty (0 bytes).", "Copy it again.")
    try:
        container = av.open(str(path), options={"protocol_whitelist": "file"})
    except (FFmpegError, OSError) as error:
        raise _unreadable(path, f"it is damaged or not a film ({error.strerror})") from error
    if any(name in container.format.name for name in NOT_CLIPS):
        container.close()
        raise _unreadable(path, f"it is no film ({container.format.name})")
    return container


def _unreadable(path: Path, why: str) -> FoleyError:
    return FoleyError(
        ErrorCode.CLIP_UNREADABLE,
        f"Can't read {path.name}: {why}.",
        "Give a film clip that plays, such as MP4 or MOV.",
    )


def _picture_stream(container: InputContainer, path: Path) -> VideoStream:
    attached = av.stream.Disposition.attached_pic
    streams = [one for one in container.streams.video if not one.disposition & attached]
    if not streams:
        raise FoleyError(
            ErrorCode.CLIP_WITHOUT_VIDEO,
            f"{path.name} has no moving picture.",
            "Give the clip itself, not its sound.",
        )
    return streams[0]


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Frames in presentation order; damaged packets are passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except FFmpegError:  # the file ends within a packet: what was read stands
            return
        try:
            yield from packet.decode()
        except InvalidDataError:
            continue


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    for frame in _decoded(container, stream):
        return frame
    raise _unreadable(path, "no picture in it can be decoded")


def _display_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height as shown: pixel aspect applied, then rotation."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = max(1, round(frame.width * (aspect or 1))), frame.height
    return (height, width) if frame.rotation % 180 else (width, height)


def _upright(
    frame: VideoFrame, stream: VideoStream, max_width: int, reformatter: VideoReformatter
) -> Image:
    """The reduced picture as a viewer sees it."""
    width, height = _display_size(frame, stream)
    scale = min(1.0, max_width / width)
    width, height = max(2, round(width * scale)), max(2, round(height * scale))
    turned = frame.rotation % 180 != 0
    stored = (height, width) if turned else (width, height)
    small = reformatter.reformat(frame, *stored, format="bgr24", interpolation="AREA")
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), frame.rotation // 90))


def _stated_rate(stream: VideoStream) -> Fraction:
    return stream.guessed_rate or stream.average_rate or stream.base_rate or Fraction(25)


def _timing(container: InputContainer, stream: VideoStream) -> _Timing:
    """Presentation times from packet headers; nothing is decoded."""
    ticks, last_ticks = [], 0
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None and not packet.is_discard:
            ticks.append(packet.pts)
            last_ticks = packet.duration or last_ticks
    base = stream.time_base or Fraction(1, 90_000)
    stated = _stated_rate(stream)
    if len(ticks) < 2:
        return _Timing(np.zeros(1), float(1 / stated), stated, False)
    times = (np.sort(np.array(ticks)) - min(ticks)) * float(base)
    step = float(times[-1]) / (len(times) - 1)
    rate = _nominal_rate(1 / step, stated)
    stray = np.abs(times - np.arange(len(times)) / float(rate)).max()
    last = float(last_ticks * base) or step
    return _Timing(times, float(times[-1]) + last, rate, bool(stray > 0.25 / float(rate)))


def _nominal_rate(measured: float, stated: Fraction) -> Fraction:
    """The stated or a usual rate where the measured one agrees with it, else the measured one."""
    for rate in (stated, *USUAL_RATES):
        if abs(measured / float(rate) - 1) < 1e-3:
            return rate
    return Fraction(measured).limit_denominator(1001)
