"""A clip's container, opened safely, and the one stream of it that is the frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.vision.video.sequence import sequence_of

MAX_SIDE = 16_384
"""Longest side of a frame, pixels."""
MAX_PIXELS = 100_000_000
"""Pixels of a frame, as stored and as shown: 16K film has 133 million a frame, 8K has 33."""
MIN_SIDE = 16
"""Shortest side in which something can be seen, pixels."""
NOT_CLIPS = ("image2", "_pipe", "tty", "concat", "hls", "dash")
"""Formats that FFmpeg opens as video though they are images, text or lists of other files."""
_NO_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image


class Source(NamedTuple):
    """An open clip."""

    path: Path
    container: InputContainer
    stream: VideoStream
    others: tuple[VideoStream, ...]
    """Streams that might have been the frame too."""
    chosen_by: str
    """Why this stream was taken, in words; empty if there was no other."""

    def decoded(self) -> Iterator[VideoFrame]:
        """Frames in presentation order; what can't be decoded is passed over."""
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except FFmpegError:  # the file ends within a packet: what was read stands
                return
            try:
                yield from packet.decode()
            except FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                continue

    def first(self) -> VideoFrame:
        """The first frame that can be decoded.

        Raises:
            FoleyError: ``clip_unreadable`` if there is none.
        """
        for frame in self.decoded():
            return frame
        raise unreadable(self.path, "no picture in it can be decoded")


@contextmanager
def open_source(path: Path, rate: Fraction | None = None) -> Iterator[Source]:
    """Open a film or a sequence of images; nothing but these files is ever read for it.

    Args:
        path: the film, or a pattern such as ``shot_%04d.png``.
        rate: frames per second of a sequence, which has none of its own.

    Raises:
        FoleyError: ``clip_not_found``, ``clip_empty``, ``clip_unreadable``,
            ``clip_without_video``, ``clip_too_large``; ``option_invalid`` for a sequence
            without a rate.
    """
    container = _open(path, rate)
    try:
        yield _source(path, container)
    finally:
        container.close()


def _open(path: Path, rate: Fraction | None) -> InputContainer:
    sequence = sequence_of(path)
    if sequence is None:
        _check_file(path)
        container = _av_open(path, str(path.absolute()))
        if any(name in container.format.name for name in NOT_CLIPS):
            container.close()
            raise unreadable(path, f"it is no film ({container.format.name})")
        return container
    if rate is None:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"{path.name} is a sequence of images, which says nothing of its frame rate.",
            "Give it, such as --rate 24.",
        )
    place = path.absolute()
    pattern = place.parent.as_posix().replace("%", "%%") + "/" + place.name
    start = {"framerate": str(rate), "start_number": str(sequence.first)}
    return _av_open(path, pattern, format="image2", options=start)


def _av_open(
    path: Path, address: str, format: str | None = None, options: dict[str, str] | None = None
) -> InputContainer:
    # Tags may be in any encoding; a list of other files may name any address; old containers
    # leave out when frames are shown.
    safe = {"protocol_whitelist": "file", "fflags": "+genpts", **(options or {})}
    try:
        address.encode()
        container: Any = av.open(address, format=format, options=safe, metadata_errors="replace")
    except UnicodeError as error:
        raise unreadable(path, "its name is not UTF-8; rename it") from error
    except (FFmpegError, OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise unreadable(path, f"it is damaged or not a film ({told})") from error
    opened: InputContainer = container
    return opened


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND, f"There is no clip at {path}.", "Check the path."
        )
    if path.stat().st_size == 0:
        raise FoleyError(ErrorCode.CLIP_EMPTY, f"{path.name} is empty (0 bytes).", "Copy it again.")


def shown(path: Path) -> str:
    """A file's name as text, whatever bytes it has."""
    return path.name.encode("utf-8", "replace").decode()


def unreadable(path: Path, why: str) -> FoleyError:
    """The refusal of a clip, with what it is."""
    return FoleyError(
        ErrorCode.CLIP_UNREADABLE,
        f"Can't read {shown(path)}: {why}.",
        "Give a film clip that plays, such as MP4 or MOV.",
    )


def _source(path: Path, container: InputContainer) -> Source:
    """The container with its frame: the default stream, else the largest, else the first."""
    streams = [one for one in container.streams.video if not one.disposition & _NO_PICTURE]
    if not streams:
        raise FoleyError(
            ErrorCode.CLIP_WITHOUT_VIDEO,
            f"{path.name} has no moving picture.",
            "Give the clip itself, not its sound.",
        )
    known = [one for one in streams if one.codec_context is not None]
    if not known:
        raise unreadable(path, "its picture is in a codec that FFmpeg doesn't know")
    default = [one for one in known if one.disposition & Disposition.default]
    several = default if 0 < len(default) < len(known) else known
    chosen = max(several, key=_pixels)
    why = "it is the default one" if several is default else "it is the largest"
    check_size(path, chosen.codec_context.width, chosen.codec_context.height)
    others = tuple(one for one in known if one is not chosen)
    return Source(path, container, chosen, others, why if others else "")


def _pixels(stream: VideoStream) -> int:
    return stream.codec_context.width * stream.codec_context.height


def check_size(path: Path, width: int, height: int) -> None:
    """Refuse what would fill the memory, before anything is decoded; 0 is not known yet."""
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise FoleyError(
            ErrorCode.CLIP_TOO_LARGE,
            f"{path.name} has frames of {width}×{height} pixels.",
            f"Scale it to at most {MAX_SIDE} pixels a side and {MAX_PIXELS:,} in all.",
        )
    if 0 < min(width, height) < MIN_SIDE:
        raise unreadable(path, f"in frames of {width}×{height} pixels nothing can be seen")
