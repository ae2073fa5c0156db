"""The picture in a form that browsers play and step through frame by frame."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing
from foley_designer.core.progress import Progress, silent
from foley_designer.vision.video.decode import frames
from foley_designer.vision.video.frame import Image

WIDTH = 960
"""Pixels across, at most."""
KEYS = 10
"""Frames from one whole picture to the next: few, so that any frame is found at once."""
TICKS = Fraction(1, 90_000)
ENCODERS: dict[str, tuple[str, dict[str, str]]] = {
    "libx264": ("mp4", {"preset": "veryfast", "crf": "20", "bf": "0", "tune": "fastdecode"}),
    "libvpx": ("webm", {"deadline": "realtime", "cpu-used": "6", "crf": "12", "b": "4M"}),
}
"""Encoders that browsers can decode, best first, with their container."""
VERSION = 1
"""Raised when the same clip would be encoded otherwise."""


def picture(clip: Path, info: Clip, folder: Path, progress: Progress = silent) -> Path:
    """A silent copy of a clip's picture that browsers play; made once and kept.

    Frames keep their own presentation times. Wide pictures are reduced to `WIDTH` pixels.

    Args:
        clip: the film.
        info: what is known of it.
        folder: where copies are kept.
        progress: called with how far the work is, as step ``picture``.

    Raises:
        FoleyError: ``clip_*`` as decoding raises; ``part_missing`` if PyAV has no encoder;
            ``disk_full``, ``output_not_writable``.
    """
    encoder = next((name for name in ENCODERS if name in av.codecs_available), None)
    if encoder is None:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"This PyAV can encode none of {', '.join(ENCODERS)}.",
            "Install PyAV from PyPI: pip install --force-reinstall av.",
        )
    target = folder / f"picture-{info.sha256[:16]}-{VERSION}.{ENCODERS[encoder][0]}"
    if not target.is_file():
        with replacing(target) as temporary:
            _encode(clip, info, temporary, encoder, progress)
    return target


def _encode(clip: Path, info: Clip, target: Path, encoder: str, progress: Progress) -> None:
    form, options = ENCODERS[encoder]
    more = {"movflags": "faststart"} if form == "mp4" else {}
    stream: VideoStream | None = None
    last = -1
    try:
        with av.open(str(target), "w", format=form, options=more) as out:
            for frame in frames(clip, WIDTH, info.rate):
                if stream is None:
                    stream = _stream(out, encoder, options, info, frame.image)
                shown = VideoFrame.from_ndarray(frame.image, format="bgr24")
                shown = shown.reformat(stream.width, stream.height, format="yuv420p")
                last = max(last + 1, round(frame.time_s / TICKS))
                shown.pts, shown.time_base = last, TICKS
                out.mux(stream.encode(shown))
                progress("picture", min(frame.time_s / info.duration_s, 1.0))
            if stream is not None:
                out.mux(stream.encode(None))
    except FFmpegError as error:
        raise FoleyError(
            ErrorCode.CLIP_UNREADABLE, f"Can't make {clip.name} playable: {error}."
        ) from error
    progress("picture", 1.0)


def _stream(
    out: OutputContainer, encoder: str, options: dict[str, str], info: Clip, first: Image
) -> VideoStream:
    """A stream as wide and high as the first frame, rounded down to even numbers."""
    stream = cast(VideoStream, out.add_stream(encoder, rate=info.rate, options=options))
    stream.height, stream.width = (side // 2 * 2 for side in first.shape[:2])
    stream.pix_fmt, stream.time_base = "yuv420p", TICKS
    stream.codec_context.time_base, stream.gop_size = TICKS, KEYS
    return stream
