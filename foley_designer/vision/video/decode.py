"""The one door for clips: what a container says, decided and noted, and its frames as a stream.

The clip's sound is never read.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from fractions import Fraction
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple, cast

from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from foley_designer.core.clip import Clip
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.timecode import standard_rate
from foley_designer.core.work.pool import threads
from foley_designer.vision.video.frame import Frame, Image
from foley_designer.vision.video.orientation import Orientation, orientation_of
from foley_designer.vision.video.sequence import clip_hash, sequence_of
from foley_designer.vision.video.source import MAX_SIDE, Source, check_size, open_source, unreadable
from foley_designer.vision.video.timing import (
    SLACK_S,
    WHOLE,
    Part,
    check_time,
    stated_rate,
    time_notes,
    timing_of,
)

__all__ = ["MAX_SIDE", "FrameReader", "OpenedClip", "frames", "open_clip", "probe"]

STEP = "input"
PEEK = 4
"""Frames that are decoded to see how all are shown; times that don't rise over them never do."""
WIDEST_PIXEL = 8
"""Pixels are at most so many times wider than high, or higher than wide; others are damaged tags.
Anamorphic film has 2, and DV 64/45."""
TALLEST = 4
"""A reduced frame is at most so many times higher than wide."""
IMAGE_CODECS = frozenset({"gif", "apng", "webp"})
"""Codecs of animated images, which editing programs rarely open in a movie."""


class OpenedClip(NamedTuple):
    """A clip that can be designed, and what was decided about it."""

    clip: Clip
    notes: tuple[Note, ...]
    parts: tuple[Part, ...] = (WHOLE,)
    """Stretches of `PART_S` and more that can be decoded side by side."""


class _Look(NamedTuple):
    """How a source's frames are brought before the eye."""

    start_s: float
    """Time of the first frame in the container."""
    width: int
    """As shown, pixel aspect applied, turned upright."""
    height: int
    orientation: Orientation
    interlaced: bool
    square: bool
    """Whether an impossible pixel aspect was put aside."""
    stated: Fraction
    """Rate that the stream states."""
    counted: Fraction | None
    """The rate at which frames are counted if their times don't rise."""


def open_clip(path: Path, rate: Fraction | None = None) -> OpenedClip:
    """Read what a container says about frame and time, decide what it leaves open, say so.

    One frame is decoded. Of several frames the default stream is taken, else the largest. Time
    zero is the first frame, wherever the container's clock starts or wraps. Timecode counts at the
    stated rate if timecode knows it, else at the nearest that it knows.

    Args:
        path: a film, or a numbered sequence of images such as ``shot_%04d.png``.
        rate: at which timecode counts, and images of a sequence follow each other; None takes
            the clip's own.

    Returns:
        The clip with a note for every decision.

    Raises:
        FoleyError: ``clip_not_found``, ``clip_empty``, ``clip_unreadable``,
            ``clip_without_video``, ``clip_too_large``; ``option_invalid`` for a sequence
            without a rate.
    """
    with open_source(path, rate) as source:
        look = _look(source, rate)
        told = source.stream.metadata.get("timecode") or source.container.metadata.get("timecode")
        texts = _frame_notes(source, look)
    with open_source(path, rate) as source:  # anew: not every container can be sought in
        timing = timing_of(source.container, source.stream, rate)
    check_time(path, timing)
    clip = Clip(
        name=path.name,
        sha256=clip_hash(path),
        width=look.width,
        height=look.height,
        rate=timing.rate,
        duration_s=timing.duration_s,
        frame_count=max(1, round(timing.duration_s * timing.rate)),
        variable_rate=timing.variable,
        timecode_rate=rate or standard_rate(timing.rate),
        timecode=told.strip("\0 ") if told else None,
    )
    texts += time_notes(clip, timing, rate)
    can_seek = look.counted is None and not look.interlaced and sequence_of(path) is None
    parts = timing.parts if can_seek else (WHOLE,)
    return OpenedClip(clip, tuple(_note(text) for text in texts), parts)


def probe(path: Path) -> Clip:
    """The clip of `open_clip` alone."""
    return open_clip(path).clip


def frames(
    path: Path,
    max_width: int,
    rate: Fraction | None = None,
    large: int | None = None,
    part: Part = WHOLE,
) -> Iterator[Frame]:
    """Decode the frames once, upright, reduced to at most ``max_width`` pixels across.

    All have one size, whatever the stream does. Interlaced ones are rebuilt from their first
    field. Those that can't be decoded, or are shown for no time, are left out; the next one's own
    time stands.

    Args:
        path: as `open_clip` takes it.
        max_width: pixels across at most.
        rate: as `open_clip` takes it; for a film, what its clip has.
        large: pixels across at most of `Frame.large`; None takes ``max_width``.
        part: of the clip, as `open_clip` names them; frames are counted from its first one.

    Raises:
        FoleyError: as `open_clip`.
    """
    with open_source(path, rate) as source:
        look = _look(source, rate)
    viewer, larger = _Viewer(look, max_width), _Viewer(look, large or max_width)
    with open_source(path, rate) as source:
        source.stream.thread_type = "AUTO"
        source.stream.codec_context.thread_count = threads(0)  # 0: as FFmpeg likes
        index, before = 0, -1.0
        for time_s, frame in _from(source, look, part):
            if time_s > before and part.holds(time_s):
                again = partial(larger.view, frame) if large else None
                yield Frame(index, time_s, viewer.view(frame), again)
                index, before = index + 1, time_s
            if time_s >= part.end_s:
                break
        if not index and part == WHOLE:
            raise unreadable(path, "no picture in it can be decoded")


def _from(source: Source, look: _Look, part: Part) -> Iterator[tuple[float, VideoFrame]]:
    """Frames with their times from a part's key frame on, or from the first one if it is missed."""
    if part.start_s > 0:
        with suppress(FFmpegError):
            _seek(source, look, part.start_s)
            coming = _timed(source, look)
            first = next(coming, None)
            if first is not None and first[0] <= part.start_s + SLACK_S:
                yield from chain((first,), coming)
                return
        with open_source(source.path) as again:
            yield from _timed(again, look)
        return
    yield from _timed(source, look)


def _timed(source: Source, look: _Look) -> Iterator[tuple[float, VideoFrame]]:
    for number, frame in enumerate(_progressive(source, look)):
        yield _time(frame, number, look), frame


def _seek(source: Source, look: _Look, time_s: float) -> None:
    """Go to the key frame at or before a time; raises what FFmpeg does if it can't."""
    base = source.stream.time_base or Fraction(1, 90_000)
    target = round((time_s + look.start_s) / base)
    source.container.seek(target, stream=source.stream, backward=True)


class FrameReader:
    """Single frames of a clip by time, decoded near where they are asked for.

    Asking in time order is quick. It holds a few frames alone, and a file that it closes when
    the ``with`` block ends.

    Args:
        path: the clip.
        max_width: pixels across at most.
        rate: as `frames` takes it.

    Raises:
        FoleyError: as `open_clip`.
    """

    KEPT = 24
    LEAP_S = 2.0
    """How far ahead it decodes on before it seeks instead."""

    def __init__(self, path: Path, max_width: int, rate: Fraction | None = None) -> None:
        self._path, self._rate = path, rate
        self._stack = ExitStack()
        with open_source(path, rate) as source:
            self._look = _look(source, rate)
        self._viewer = _Viewer(self._look, max_width)
        self._recent: deque[tuple[float, VideoFrame]] = deque(maxlen=self.KEPT)
        self._begin()

    def __enter__(self) -> "FrameReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def at(self, time_s: float) -> Frame:
        """The frame on screen at a time; the first one before it, the last one after the end."""
        time_s = max(0.0, time_s) + SLACK_S
        known = self._recent
        if not known or time_s < known[0][0] or time_s > known[-1][0] + self.LEAP_S:
            self._go(time_s)
        while not known or known[-1][0] <= time_s:
            found = next(self._coming, None)
            if found is None:
                break
            known.append(found)
        shown = [one for one in known if one[0] <= time_s] or list(known)[:1]
        if not shown:
            raise unreadable(self._path, "no picture in it can be decoded")
        at_s, picture = shown[-1]
        return Frame(-1, max(0.0, at_s), self._viewer.view(picture))

    def _begin(self) -> None:
        """Open the clip anew, at its first frame."""
        self._stack.close()
        self._source = self._stack.enter_context(open_source(self._path, self._rate))
        self._recent.clear()
        self._coming = _timed(self._source, self._look)

    def _go(self, time_s: float) -> None:
        """Go to the key frame before a time; back to the beginning if that can't be found.

        Containers whose clock wraps, and streams without an index, land elsewhere or nowhere.
        """
        if self._look.counted is None:
            try:
                _seek(self._source, self._look, time_s)
            except FFmpegError:
                pass
            else:
                self._recent.clear()
                self._coming = _timed(self._source, self._look)
                first = next(self._coming, None)
                if first is not None and first[0] <= time_s:
                    self._recent.append(first)
                    return
        if not self._recent or time_s < self._recent[0][0] or self._look.counted is None:
            self._begin()


class _Viewer:
    """Reduces frames to one size and turns them as their viewer sees them."""

    def __init__(self, look: _Look, max_width: int) -> None:
        scale = min(1.0, max_width / look.width, TALLEST * max_width / look.height)
        width, height = (max(2, round(side * scale)) for side in (look.width, look.height))
        self._stored = (height, width) if look.orientation.transposed else (width, height)
        self._orientation = look.orientation
        self._reformatter = VideoReformatter()

    def view(self, frame: VideoFrame) -> Image:
        """The reduced frame."""
        small = self._reformatter.reformat(
            frame, *self._stored, format="bgr24", interpolation="AREA"
        )
        return self._orientation.apply(cast(Image, small.to_ndarray()))


def _look(source: Source, rate: Fraction | None) -> _Look:
    """Decide from the first frames how all are shown.

    Raises:
        FoleyError: ``clip_unreadable`` if none can be decoded, ``clip_too_large``.
    """
    firsts = list(islice(source.decoded(), PEEK))
    if not firsts:
        raise unreadable(source.path, "no picture in it can be decoded")
    first = firsts[0]
    aspect = source.stream.sample_aspect_ratio or Fraction(1)
    square = not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL
    shown = (max(1, round(first.width * (1 if square else aspect))), first.height)
    orientation = orientation_of(first)
    width, height = shown[::-1] if orientation.transposed else shown
    check_size(source.path, first.width, first.height)
    check_size(source.path, width, height)
    times = {frame.time for frame in firsts} - {None}
    stated = rate or stated_rate(source.stream)
    return _Look(
        start_s=first.time or 0.0,
        width=width,
        height=height,
        orientation=orientation,
        interlaced=first.interlaced_frame,
        square=square,
        stated=stated,
        counted=stated if len(times) < 2 <= len(firsts) else None,
    )


def _progressive(source: Source, look: _Look) -> Iterator[VideoFrame]:
    """Decoded frames; interlaced ones rebuilt from the field that was taken first.

    The other field was taken half a frame later, and would show every moving edge twice.
    """
    if not look.interlaced:
        yield from source.decoded()
        return
    graph = Graph()
    inlet = graph.add_buffer(template=source.stream)
    field = graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")
    outlet = graph.add("buffersink")
    inlet.link_to(field)
    field.link_to(outlet)
    graph.configure()
    for frame in chain(source.decoded(), (None,)):
        graph.push(frame)
        with suppress(BlockingIOError, EOFError):
            while True:
                yield cast(VideoFrame, graph.pull())


def _time(frame: VideoFrame, number: int, look: _Look) -> float:
    """Seconds from the first frame's appearance."""
    if look.counted is not None or frame.time is None:
        return number / float(look.counted or look.stated)
    return frame.time - look.start_s


def _frame_notes(source: Source, look: _Look) -> list[str]:
    """What was decided about the frame."""
    notes = []
    if source.others:
        sizes = ", ".join(_size(other) for other in source.others)
        notes.append(
            f"It holds {len(source.others) + 1} pictures: the one of {_size(source.stream)} was "
            f"taken, since {source.chosen_by}; not that of {sizes}."
        )
    if look.interlaced:
        notes.append("It is interlaced: the first field of each frame is looked at.")
    if look.orientation.mirrored:
        notes.append("It is stored mirrored, and seen as its viewer sees it.")
    if look.orientation.off_axis:
        notes.append("It asks to be turned by no quarter turn: the nearest one was taken.")
    if look.square:
        notes.append("Its tag for the shape of pixels is impossible: they were taken as square.")
    if source.stream.codec_context.name in IMAGE_CODECS:
        notes.append(
            f"It is an animated {source.stream.codec_context.name.upper()}: few editing programs "
            "open the movie with sound that is made of it; convert it to H.264 first for that."
        )
    return notes


def _note(text: str) -> Note:
    return Note(kind=NoteKind.DECISION, step=STEP, text=text)


def _size(stream: VideoStream) -> str:
    return f"{stream.codec_context.width}×{stream.codec_context.height}"
