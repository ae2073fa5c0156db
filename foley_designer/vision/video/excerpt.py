"""Excerpts: one stretch of a reel's picture as a film of its own, with a handle of held frames."""

from fractions import Fraction
from pathlib import Path

import av

from foley_designer.core.clip import Clip
from foley_designer.core.files import replacing
from foley_designer.vision.video.decode import FrameReader

WIDTH = 960
"""Pixels across at most; looking takes half of it, and a page shows no more."""
_CODING = {"preset": "ultrafast", "crf": "18", "threads": "1"}
"""x264: finer than what small pictures can show, at two fifths of ``veryfast``'s time and three
halves of its bytes; these are looked at once and played on one page."""


def cut_excerpt(path: Path, clip: Clip, first: int, last: int, out: Path, *, hold: int = 0) -> None:
    """Write frames ``first`` to ``last`` (excluded) of a reel at its nominal rate.

    The last frame is then held: sounds can ring out and ambience run on in the handle, in which
    nothing moves. Frames are streamed; equal frames give equal bytes.

    Args:
        path: the reel.
        clip: what `open_clip` said of it.
        first: first frame, counted at the clip's rate.
        last: frame after the last.
        out: an MP4 file.
        hold: frames that the last one is held for.

    Raises:
        FoleyError: as `FrameReader`, or as `replacing`.
    """
    with replacing(out) as temporary, FrameReader(path, WIDTH, clip.rate) as reader:
        container = av.open(str(temporary), "w", format="mp4")
        try:
            stream = container.add_stream("libx264", rate=clip.rate)
            stream.options = dict(_CODING)
            stream.pix_fmt = "yuv420p"
            stream.time_base = Fraction(1) / clip.rate
            for number in range(last - first + hold):
                index = min(first + number, last - 1)
                image = reader.at((index + 0.5) * clip.frame_s).image
                height, width = (side // 2 * 2 for side in image.shape[:2])
                if not number:
                    stream.width, stream.height = width, height
                frame = av.VideoFrame.from_ndarray(image[:height, :width], format="bgr24")
                frame.pts = number
                frame.time_base = Fraction(1) / clip.rate
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        finally:
            container.close()
